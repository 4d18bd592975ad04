import { useEffect, useMemo, useState } from "react";
import type { ArgumentProblem } from "../arguments/problem.ts";

type Check = typeof import("../arguments/check-arguments.ts").checkArguments;

/**
 * The arguments that a text holds, undefined where it is no JSON, and what their schema has against them. The checker
 * comes with the editor; until then there is nothing to say.
 */
export function useProblems(schema: Record<string, unknown>, text: string) {
  const [check, setCheck] = useState<Check>();
  useEffect(() => {
    void import("../arguments/check-arguments.ts").then((module) => setCheck(() => module.checkArguments));
  }, []);
  return useMemo(() => {
    const args = parsed(text);
    const problems: ArgumentProblem[] = args && check ? check(schema, args.value) : [];
    return { args, problems };
  }, [schema, text, check]);
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
