import type { Messages } from "../../i18n/messages.ts";

type Key = keyof Messages["tenants"]["problem"]["by"];

const keys = new Map<string, Key>([
  ["mcp_disabled", "mcp_disabled"],
  ["unauthorized", "unauthorized"],
  ["forbidden", "forbidden"],
  ["invalid_input", "invalid_input"],
  ["not_found", "not_found"],
  ["conflict", "conflict"],
  ["rate_limited", "rate_limited"],
  ["unreachable", "unreachable"],
  ["deadline_exceeded", "deadline_exceeded"],
  ["upstream_timeout", "deadline_exceeded"],
  ["unavailable", "unavailable"],
  ["internal", "internal"],
]);

/** Which words say what a code means to a person. */
export function problemKey(code: string): Key {
  return keys.get(code) ?? "other";
}
