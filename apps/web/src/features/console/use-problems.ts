import { useMemo } from "react";
import type { ArgumentProblem } from "../arguments/problem.ts";
import { readJson } from "../arguments/read-json.ts";
import { useCode } from "../shell/use-code.ts";

const loadChecker = () => import("../arguments/check-arguments.ts");

/**
 * The arguments that a text holds, undefined where it is no JSON, and what their schema has against them. The checker
 * comes with the editor; until then there is nothing to say.
 */
export function useProblems(schema: Record<string, unknown>, text: string) {
  const { code } = useCode(loadChecker);
  return useMemo(() => {
    const args = readJson(text);
    const problems: ArgumentProblem[] = args && code ? code.checkArguments(schema, args.value) : [];
    return { args, problems };
  }, [schema, text, code]);
}
