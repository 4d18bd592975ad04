import * as z from "zod";

/**
 * Describes what pasting added to a value: quotes, a blank or a line break. Shows no part of it; undefined where it is
 * valid.
 */
export function textProblem(text: string): string | undefined {
  if (/^(["'`]).*\1$/s.test(text.trim())) return "it has quotes around its value: remove them";
  if (/[\r\n]$/.test(text)) return "it ends with a line break: remove it";
  if (/[\r\n]/.test(text)) return "it holds a line break: write it on one line";
  if (text !== text.trim()) return "it begins or ends with a blank: remove it";
  return undefined;
}

/** Parses a key of a service as its console shows it: one word of at most 4096 printable characters. */
export const settingKey = z.string().superRefine((text, context) => {
  const problem =
    textProblem(text) ??
    (/^[\x21-\x7e]{1,4096}$/.test(text) ? undefined : "must be a key, one word of printable characters");
  if (problem) context.addIssue({ code: "custom", message: problem, input: undefined });
});
