import * as z from "zod";
import { textProblem } from "./text.ts";
import { urlProblem } from "./url.ts";

/** Parses a comma-separated list of origins. An invalid entry is named by its place, never by its value. */
export const originList = z.string().transform((list, context): string[] => {
  const pasted = textProblem(list);
  const problems = pasted
    ? [pasted]
    : list.split(",").flatMap((entry, index) => {
        const problem = originProblem(entry.trim());
        return problem ? [`entry ${index + 1}: ${problem}`] : [];
      });
  for (const message of problems) context.addIssue({ code: "custom", message, input: undefined });
  return problems.length > 0 ? z.NEVER : list.split(",").map((entry) => new URL(entry.trim()).origin);
});

function originProblem(entry: string): string | undefined {
  if (entry === "") return "it is empty: remove the comma too many";
  if (entry === "null")
    return "must not be null, which every sandboxed page and local file sends: name an origin";
  if (entry.includes("*")) return "must not have a wildcard: list each origin";
  if (!/^[a-z][a-z0-9+.-]*:/i.test(entry) || /^[^/]*:\d+(?:\/|$)/.test(entry))
    return "it has no scheme: write https:// before the host";
  const problem = urlProblem(entry);
  if (problem) return problem;
  return new URL(entry).pathname === "/"
    ? undefined
    : "must have no path: an origin is scheme, host and port";
}
