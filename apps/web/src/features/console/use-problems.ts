import type { ArgumentProblem } from "@smarteros/ui/json-form/problem.ts";
import { readJson } from "@smarteros/ui/json-form/read-json.ts";
import { useCode } from "@smarteros/ui/use-lazy-module.ts";
import { useMemo } from "react";

const loadChecker = () => import("../tool-arguments/check-tool-arguments.ts");

/**
 * The arguments that a text holds, undefined where it is no JSON, and what their schema has against them. The checker
 * comes with the editor; until then there is nothing to say.
 */
export function useProblems(schema: Record<string, unknown>, text: string) {
  const { code } = useCode(loadChecker);
  return useMemo(() => {
    const args = readJson(text);
    const problems: ArgumentProblem[] = args && code ? code.checkToolArguments(schema, args.value) : [];
    return { args, problems };
  }, [schema, text, code]);
}
