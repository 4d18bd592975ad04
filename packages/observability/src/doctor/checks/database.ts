import type { Check } from "../check.ts";
import { type Finding, finding } from "../findings.ts";
import type { DatabaseState, Migration } from "../subject.ts";

const dayMs = 86_400_000;

/** Compares the applied migrations with the files, and looks for the partitions of today and tomorrow. */
export const databaseCheck: Check = async ({ database }, probes) => {
  if (!database) return [finding("database_not_checked")];
  try {
    const state = await probes.database();
    return state && [...migrationFindings(state.applied, database.migrations), ...partitionFindings(state)];
  } catch (error) {
    return [finding("database_unreachable", { why: reasonOf(error) })];
  }
};

function* migrationFindings(applied: Migration[], files: Migration[]): Generator<Finding> {
  const byVersion = (migrations: Migration[]) => new Map(migrations.map((one) => [one.version, one]));
  const [there, here] = [byVersion(applied), byVersion(files)];
  // A function or policy is applied again when its text changes; a migration is applied once.
  const isDefinition = ({ name }: Migration) => name.includes("/");
  const older = files.filter((file) => {
    const row = there.get(file.version);
    return !row || (isDefinition(file) && row.sha256 !== file.sha256);
  });
  const newer = applied.filter(({ version }) => !here.has(version));
  const edited = applied.filter((one) => {
    const file = here.get(one.version);
    return file !== undefined && !isDefinition(one) && (file.sha256 !== one.sha256 || file.name !== one.name);
  });
  if (older[0]) yield finding("database_older", { count: older.length, first: older[0].name });
  if (newer[0]) yield finding("database_newer", { count: newer.length, first: newer[0].name });
  if (edited[0]) yield finding("database_edited", { count: edited.length, first: edited[0].name });
}

function partitionFindings({ partitions, now, applied }: DatabaseState): Finding[] {
  if (applied.length === 0) return [];
  const days = [0, 1].map((ahead) => new Date(now.getTime() + ahead * dayMs).toISOString().slice(0, 10));
  const missing = days.filter((day) => {
    const at = Date.parse(`${day}T12:00:00Z`);
    return !partitions.some(({ from, to }) => Date.parse(from) <= at && at < Date.parse(to));
  });
  return missing.length > 0 ? [finding("partitions_missing", { days: missing.join(" and ") })] : [];
}

// Only the code: a driver's message may name the host or the user.
function reasonOf(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^[A-Z0-9_]{3,40}$/.test(code) ? code : "no reason given";
}
