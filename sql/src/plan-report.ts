import type { OwnerChange } from "./adoption.ts";
import type { ClerkUsers } from "./clerk-users.ts";
import type { Plan } from "./plan.ts";

const knownRoles = ["viewer", "operator", "auditor", "support", "admin", "(none)"];

/** Formats a plan as lines, the most important first. */
export function planLines(plan: Plan, clerk?: ClerkUsers, owners: OwnerChange[] = []): string[] {
  const { from, migrations, definitions } = plan;
  const where = { empty: "an empty project", "0.2": "tables of 0.2" }[from] ?? `migration ${from}`;
  const lines = [
    `This changes nothing. The database has ${where}.`,
    `Applying runs ${migrations.length} migrations and ${definitions.length} views, functions and policies in one transaction.`,
  ];
  if (plan.takenNames.length > 0)
    lines.push("", "✖ Names that are taken; rename or move these first:", ...indented(plan.takenNames));
  if (plan.obstacles.length > 0) lines.push("", "✖ This stops it:", ...indented(plan.obstacles));
  if (from === "0.2") lines.push(...earlierTables(plan));
  if (clerk) lines.push(...users(plan, clerk, owners));
  if (from !== "empty")
    lines.push(
      "",
      'Make a backup first: in the Supabase dashboard under Database, Backups, or `pg_dump "$DATABASE_URL" -Fc -f before.dump`.',
    );
  return lines;
}

/** Returns true when applying would fail. */
export function isStopped({ takenNames, obstacles }: Plan): boolean {
  return takenNames.length + obstacles.length > 0;
}

function earlierTables({
  tenants,
  brokenRules,
  lostWrites,
  lostForAnon,
  lostPolicies,
  stays,
}: Plan): string[] {
  const inReview = tenants.rows - tenants.fit;
  return [
    "",
    `${tenants.rows} tenants: ${tenants.fit} become tenants (${tenants.changed} of them with another spelling of RUT, name or flags), ${inReview} go to the review. No vendor is called: every service of theirs is held until you adopt it.`,
    ...section(
      "Rows that break a rule; they move to the review, whole, with their ids",
      brokenRules.map(
        ({ table, rule, rows, ids }) =>
          `${table}: ${rows} by ${rule}: ${ids.join(", ")}${rows > ids.length ? ", …" : ""}`,
      ),
    ),
    ...section(
      "Privileges to write that end (with GRANT_SERVICE_WRITES=true the service key keeps insert and update on tenants)",
      lostWrites.map(
        ({ role, table, privilege, columns, calls }) =>
          `${role}: ${privilege} on ${table}${columns.length > 0 ? ` (${columns.join(", ")})` : ""}${used(calls)}`,
      ),
    ),
    ...section("What ends for the anon key", lostForAnon),
    ...section("Policies that ours replace", lostPolicies),
    ...section("What stays beside ours", stays),
    "The project's default privileges stay as they are. The service key goes on reading every column.",
  ];
}

const used = (calls: number | undefined) =>
  calls === undefined ? "" : calls === 0 ? ", not used since statistics began" : `, used ${calls} times`;

function users({ owners }: Plan, { roles, ids }: ClerkUsers, changes: OwnerChange[]): string[] {
  const now = new Map(changes.map(({ old, new: next }) => [old, next]));
  const missing = owners.map((owner) => now.get(owner) ?? owner).filter((owner) => !ids.has(owner));
  const unknown = roles.filter(({ role }) => !knownRoles.includes(role));
  return [
    ...section(
      "Roles in Clerk",
      roles.map(({ role, users }) => `${role}: ${users}`),
    ),
    ...(unknown.length > 0
      ? [`! Refused until SMARTEROS_ROLE_MAP names them: ${unknown.map(({ role }) => role).join(", ")}`]
      : []),
    ...(roles.some(({ role }) => role === "admin")
      ? []
      : ['✖ Nobody is admin: give one person {"role": "admin"} in their public metadata first']),
    ...section("Owners of tenants who are no users of this Clerk instance (map them with --owners)", missing),
  ];
}

function section(title: string, lines: string[]): string[] {
  return lines.length > 0 ? ["", `${title}:`, ...indented(lines)] : [];
}

const indented = (lines: string[]) => lines.map((line) => `  ${line}`);
