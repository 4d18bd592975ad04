import { newOwner } from "../embedded.ts";

/** The kinds of principals. There are two operators, so that each has another's rows. */
export type Who = "anon" | "unknown" | "viewer" | "operator" | "auditor" | "support" | "admin" | "service";

export type Principal = {
  name: string;
  who: Who;
  /** The user who owns the principal's rows; for a token that Postgres treats as anon, the user it names. */
  sub?: string;
  claims?: Record<string, unknown>;
};

const users: { name: string; who: Who; metadata?: unknown }[] = [
  { name: "operator A", who: "operator" },
  { name: "operator B", who: "operator", metadata: { role: "operator" } },
  { name: "viewer", who: "viewer", metadata: { role: "viewer" } },
  { name: "auditor", who: "auditor", metadata: { role: "auditor" } },
  { name: "support", who: "support", metadata: { role: "support" } },
  { name: "admin", who: "admin", metadata: { role: "admin" } },
  { name: "unknown role", who: "unknown", metadata: { role: "owner" } },
];

/** Creates all kinds of principals with new users. A token without `role` is anon to Postgres. */
export function newPrincipals(): Principal[] {
  const signedIn = users.flatMap(({ name, who, metadata }) => {
    const sub = newOwner(who);
    const claims = metadata === undefined ? { sub } : { sub, metadata };
    const known: Principal = { name, who, sub, claims: { ...claims, role: "authenticated" } };
    return [known, { name: `${name}, token without role`, who: "anon" as const, sub, claims }];
  });
  return [{ name: "anon", who: "anon" }, ...signedIn, { name: "service", who: "service" }];
}
