import type { Hook } from "@hono/zod-openapi";
import { type InputIssue, SmarterosError } from "@smarteros/core";
import type { RequestContext } from "./request-context.ts";

/** Throws `invalid_input` for a request that fails its schema, with one issue per field and per unknown key. */
export const refuseInvalidInput: Hook<unknown, RequestContext, string, unknown> = (result) => {
  if (result.success) return;
  const issues = result.error.issues.slice(0, 20).flatMap((issue): InputIssue[] => {
    if (issue.code !== "unrecognized_keys") return [{ path: issue.path.join("."), message: issue.message }];
    return issue.keys.slice(0, 20).map((key) => ({
      path: [...issue.path, key.slice(0, 64)].join("."),
      message: "Unknown key. Leave it out or correct its name.",
    }));
  });
  const [first] = issues;
  throw new SmarterosError(
    "invalid_input",
    `${first?.path ? `${first.path}: ` : ""}${first?.message ?? "The request does not fit."}`,
    { issues },
  );
};
