import { filter, logicTree } from "./filters.ts";
import type { Embedded, ReadPlan } from "./read-plan.ts";
import { joined, name, parameter, type Snippet } from "./snippet.ts";

// PostgREST 17, src/library/PostgREST/Query/QueryBuilder.hs 45-118: readPlanToQuery; 230-261: readPlanToCountQuery.

/** Where a plan reads: `from` as SQL, and the name by which its columns go. */
export type Source = { from: string; reference: string };

/** The source of a plan: its table in the schema `public`. */
export function tableSource({ relation, alias }: ReadPlan): Source {
  const table = name("public", relation);
  return alias === undefined
    ? { from: table, reference: table }
    : { from: `${table} AS ${name(alias)}`, reference: name(alias) };
}

/** The query of a plan; `conditions` join it to the relation that it is embedded in. */
export function readQuery(plan: ReadPlan, source: Source, conditions: string[] = []): Snippet {
  const columns = plan.columns.map((column) => {
    const field = column.name === "*" ? `${source.reference}.*` : `${source.reference}.${name(column.name)}`;
    return column.alias === undefined ? field : `${field} AS ${name(column.alias)}`;
  });
  const selects = [...columns, ...plan.embedded.map(embeddedSelect)];
  const joins = plan.embedded.flatMap((embedded): Snippet => [" ", ...embeddedJoin(embedded, source)]);
  const where = [...conditionsOf(plan, source), ...conditions.map((text): Snippet => [text])];
  const order = plan.order.map(({ column, direction }) => `${source.reference}.${name(column)} ${direction}`);
  return [
    `SELECT ${selects.join(", ")} FROM ${source.from}`,
    ...joins,
    ...(where.length > 0 ? [" WHERE ", ...joined(where, " AND ")] : []),
    order.length > 0 ? ` ORDER BY ${order.join(", ")}` : "",
    ...range(plan),
  ];
}

/** The query that counts the rows of a plan without its range. */
export function countQuery(plan: ReadPlan, source: Source, conditions: string[] = []): Snippet {
  const inner = plan.embedded.filter(({ isInner }) => isInner);
  const exists = inner.map(({ plan: child, join }): Snippet => {
    const childSource = tableSource(child);
    return ["EXISTS (", ...countQuery(child, childSource, joinConditions(join, source, childSource)), ")"];
  });
  const where = [...conditionsOf(plan, source), ...conditions.map((text): Snippet => [text]), ...exists];
  return [
    `SELECT 1 FROM ${source.from}`,
    ...(where.length > 0 ? [" WHERE ", ...joined(where, " AND ")] : []),
  ];
}

/** The conditions that the request gives for a plan. */
export function conditionsOf(
  { filters, logic }: ReadPlan,
  { reference }: Pick<Source, "reference">,
): Snippet[] {
  return [
    ...filters.map(({ column, operation }) => filter(reference, column, operation)),
    ...logic.map(({ operator, list }) => logicTree(reference, operator, list)),
  ];
}

function range({ limit, offset }: ReadPlan): Snippet {
  if (limit === undefined && offset === undefined) return [];
  const most = limit === undefined ? ["ALL"] : parameter(String(limit));
  return [" LIMIT ", ...most, " OFFSET ", ...parameter(String(offset ?? 0))];
}

function embeddedSelect({ isToOne, aggregate, responseName, plan }: Embedded): string {
  const alias = name(aggregate);
  if (isToOne) return `row_to_json(${alias}.*)::jsonb AS ${name(responseName)}`;
  if (plan.columns.length === 0 && plan.embedded.length === 0)
    throw new Error("no template for an empty embed");
  return `COALESCE( ${alias}.${alias}, '[]') AS ${name(responseName)}`;
}

function embeddedJoin({ isToOne, isInner, aggregate, plan, join }: Embedded, parent: Source): Snippet {
  const alias = name(aggregate);
  const source = tableSource(plan);
  const query = readQuery(plan, source, joinConditions(join, parent, source));
  const kind = isInner ? "INNER" : "LEFT";
  if (isToOne) return [`${kind} JOIN LATERAL ( `, ...query, ` ) AS ${alias} ON TRUE`];
  return [
    `${kind} JOIN LATERAL ( SELECT json_agg(${alias})::jsonb AS ${alias} FROM (`,
    ...query,
    ` ) AS ${alias} ) AS ${alias} ON ${isInner ? `${alias} IS NOT NULL` : "TRUE"}`,
  ];
}

function joinConditions(join: Embedded["join"], parent: Source, child: Source): string[] {
  return join.map(([own, other]) => `${child.reference}.${name(other)} = ${parent.reference}.${name(own)}`);
}
