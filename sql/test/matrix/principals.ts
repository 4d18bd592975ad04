import { newOwner } from "../embedded.ts";

/** Whom the expectations speak of. Operators are two, so that each has somebody whose rows are not theirs. */
export type Who = "anon" | "unknown" | "viewer" | "operator" | "auditor" | "support" | "admin" | "service";

export type Principal = {
  name: string;
  who: Who;
  /** The user whose rows are its own; for a token that Postgres takes for anon, the user it would have been. */
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

/** Everybody who may come to the database, with users of their own. A token without `role` is anon to Postgres. */
export function newPrincipals(): Principal[] {
  const signedIn = users.flatMap(({ name, who, metadata }) => {
    const sub = newOwner(who);
    const claims = metadata === undefined ? { sub } : { sub, metadata };
    const known: Principal = { name, who, sub, claims: { ...claims, role: "authenticated" } };
    return [known, { name: `${name}, token without role`, who: "anon" as const, sub, claims }];
  });
  return [{ name: "anon", who: "anon" }, ...signedIn, { name: "service", who: "service" }];
}
