"use client";

import type { InputIssue } from "@smarteros/core";
import { useMemo, useState } from "react";
import { checkArguments } from "./check-arguments.ts";
import type { Complaint } from "./complaint.ts";
import type { ParsedArguments } from "./parse-arguments.ts";
import { type Path, pathOf, valueAt } from "./path.ts";
import { useProblemText } from "./problem-text.ts";
import type { ArgumentsViewProps } from "./view.ts";

/** An issue of the server with the value that it was about. */
type Remembered = { at: Path; message: string; about: string | undefined };

/** Returns the issues of the server that still apply: an issue is dropped once the value at its place changes. */
export function useStandingIssues(issues: InputIssue[], parsed: ParsedArguments): Complaint[] {
  const [last, setLast] = useState<unknown>(() => (parsed.ok ? parsed.value : {}));
  const value = parsed.ok ? parsed.value : last;
  if (parsed.ok && parsed.value !== last) setLast(parsed.value);
  const [told, setTold] = useState(() => ({ issues, remembered: remember(issues, value) }));
  // Compared by identity: two calls may return the same text.
  if (told.issues !== issues) setTold({ issues, remembered: remember(issues, value) });
  return useMemo(
    () =>
      told.remembered
        .filter(({ at, about }) => JSON.stringify(valueAt(value, at)) === about)
        .map(({ at, message }) => ({ at, text: message, from: "server" as const })),
    [told, value],
  );
}

function remember(issues: InputIssue[], value: unknown): Remembered[] {
  return issues.map(({ path, message }) => {
    const at = pathOf(path, value);
    return { at, message, about: JSON.stringify(valueAt(value, at)) };
  });
}

/** Everything that is wrong with the arguments: by their schema, and by the server. */
export function useComplaints({
  schema,
  parsed,
  issues,
  checks,
  customText,
}: Pick<ArgumentsViewProps, "schema" | "parsed" | "issues" | "checks" | "customText">): Complaint[] {
  const textOf = useProblemText(customText);
  return useMemo(() => {
    const problems = parsed.ok ? checkArguments(schema, parsed.value, checks) : [];
    const own = problems.map((one) => ({ at: one.at, text: textOf(one), from: "schema" as const }));
    return [...issues, ...own];
  }, [schema, parsed, issues, checks, textOf]);
}
