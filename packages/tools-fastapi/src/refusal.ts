import { vendors } from "@smarteros/connectors/vendors";
import { type InputIssue, SmarterosError, statusOf } from "@smarteros/core";
import * as z from "zod";
import { camelCase } from "./camel-cased.ts";
import { upstreamError } from "./upstream-error.ts";

const service = "backend";
const message = z.string().min(1).max(1_000);
const issues = z.array(z.object({ path: z.string().max(200), message })).max(20);

/** The backend's refusals that are the caller's to handle. Others are not shown. */
const refusal = z.discriminatedUnion("error", [
  z.object({ error: z.literal("invalid_input"), message, issues: issues.min(1) }),
  z.object({
    error: z.literal("forbidden"),
    message,
    required: z.enum(["read", "write", "audit", "admin"]).optional(),
  }),
  z.object({ error: z.enum(["not_found", "conflict", "unavailable", "deadline_exceeded"]), message }),
  z.object({
    error: z.enum(["upstream_error", "upstream_timeout"]),
    message,
    service: z.enum(vendors),
    upstreamStatus: z.int().optional(),
  }),
]);

/**
 * Converts a response other than 2xx to an error: the backend's own refusal where it has the shape of one, else
 * `upstream_error`.
 */
export function refusalOf(status: number, data: unknown, cause?: unknown): SmarterosError {
  if (status === 401) return badCredential();
  const parsed = refusal.safeParse(data);
  if (!parsed.success)
    return status === 404 || status === 405 ? notOffered(status) : upstreamError(status, cause);
  const { error, message, ...details } = parsed.data;
  if (statusOf[error] !== status) return upstreamError(status, cause);
  if (!("issues" in details)) return new SmarterosError(error, message, details);
  return invalidInput(details.issues);
}

function invalidInput(given: InputIssue[]): SmarterosError {
  const issues = given.map(({ path, message }) => ({ path: fieldOf(path), message }));
  const messages = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message));
  return new SmarterosError("invalid_input", messages.join(" "), { issues });
}

/** Names the tool's field for a field of the wire. Deeper parts may be the caller's own keys. */
function fieldOf(path: string): string {
  const [field = "", ...rest] = path.split(".");
  return [camelCase(field), ...rest].join(".");
}

function badCredential(): SmarterosError {
  return new SmarterosError(
    "upstream_error",
    "The backend does not accept this server. Its operator checks that FASTAPI_SECRET and FASTAPI_URL (SMARTEROS_BACKEND_SECRET and SMARTEROS_BACKEND_URL for services.* and n8n.*) agree on both sides, and that their clocks do.",
    { service, upstreamStatus: 401 },
  );
}

function notOffered(upstreamStatus: number): SmarterosError {
  return new SmarterosError(
    "upstream_error",
    "The backend does not offer this. Its operator has to run one that has the service endpoints.",
    { service, upstreamStatus },
  );
}
