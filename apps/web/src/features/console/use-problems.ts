import type { ArgumentProblem } from "@smarteros/ui/json-form/problem.ts";
import { readJson } from "@smarteros/ui/json-form/read-json.ts";
import { useLazyModule } from "@smarteros/ui/use-lazy-module.ts";
import { useMemo } from "react";

const loadChecker = () => import("../tool-arguments/check-tool-arguments.ts");

/**
 * Parses the arguments, undefined where they are no JSON, and checks them by their schema. The checker is loaded with
 * the editor; until then there are no problems.
 */
export function useProblems(schema: Record<string, unknown>, text: string) {
  const { code } = useLazyModule(loadChecker);
  return useMemo(() => {
    const args = readJson(text);
    const problems: ArgumentProblem[] = args && code ? code.checkToolArguments(schema, args.value) : [];
    return { args, problems };
  }, [schema, text, code]);
}
