import { callQuery, routineFor } from "./call-query.ts";
import type { Catalog, Routine } from "./catalog.ts";
import { readPlan } from "./read-plan.ts";
import { countQuery, readQuery, type Source, tableSource } from "./read-query.ts";
import type { ApiRequest } from "./request.ts";
import type { Snippet } from "./snippet.ts";
import { writeQuery } from "./write-query.ts";

// PostgREST 17, src/library/PostgREST/Query/Statements.hs 27-111: mainRead, mainWrite, mainCall; Plan.hs 195-233: the
// transaction's access mode.

/** The statement that PostgREST runs for a request, and in which transaction. */
export type MainQuery = { sql: Snippet; readOnly: boolean; routine: Routine | undefined };

const cte: Source = { from: '"pgrst_source"', reference: '"pgrst_source"' };

/** Builds the statement of a request. Throws where PostgREST would find no function, or where no template fits. */
export function mainQuery(request: ApiRequest, catalog: Catalog, maxRows: number): MainQuery {
  const { target, method } = request;
  if ("function" in target) return call(target.function, request, catalog, maxRows);
  if (method === "GET" || method === "HEAD") {
    const plan = readPlan(target.table, request, catalog, maxRows);
    const source = tableSource(plan);
    const sql: Snippet = [
      "WITH pgrst_source AS ( ",
      ...readQuery(plan, source),
      " )",
      ...counted(request, countQuery(plan, source)),
      ` SELECT ${total(request)} AS total_result_set, pg_catalog.count(_postgrest_t) AS page_total,`,
      " coalesce(json_agg(_postgrest_t), '[]') AS body FROM ( SELECT * FROM pgrst_source ) _postgrest_t",
    ];
    return { sql, readOnly: true, routine: undefined };
  }
  const plan = readPlan(target.table, request, catalog, undefined);
  const write = writeQuery(target.table, request, plan, catalog);
  const isFull = request.prefer.get("return") === "representation";
  // Filters apply to the written rows, not to the returned ones.
  const rows = readQuery({ ...plan, filters: [], logic: [] }, cte);
  const sql: Snippet = [
    "WITH pgrst_source AS (",
    ...write,
    ") SELECT '' AS total_result_set, pg_catalog.count(_postgrest_t) AS page_total,",
    ` ${isFull ? "coalesce(json_agg(_postgrest_t), '[]')" : "''::text"} AS body,`,
    " nullif(current_setting('pgrst.inserted', true), '')::int AS response_inserted FROM (",
    ...(isFull ? rows : ["SELECT * FROM pgrst_source"]),
    ") _postgrest_t",
  ];
  return { sql, readOnly: false, routine: undefined };
}

function call(called: string, request: ApiRequest, catalog: Catalog, maxRows: number): MainQuery {
  const body = request.body ?? "{}";
  const routine = routineFor(called, body, catalog);
  if (!routine) throw new Error(`no function ${called} for these arguments`);
  const plan = readPlan("pgrst_source", request, catalog, maxRows);
  const scalar = "_postgrest_t.pgrst_scalar";
  const agg = routine.returnsComposite ? "_postgrest_t" : scalar;
  const rows = routine.returnsSet
    ? `coalesce(json_agg(${agg}), '[]')`
    : `coalesce(json_agg(${agg})->0, 'null')`;
  const sql: Snippet = [
    "WITH pgrst_source AS (",
    ...callQuery(routine, body, plan),
    ")",
    ...counted(request, countQuery(plan, cte)),
    ` SELECT ${total(request)} AS total_result_set,`,
    ` ${routine.returnsSet ? "pg_catalog.count(_postgrest_t)" : "1"} AS page_total, ${rows} AS body FROM (`,
    ...readQuery(plan, cte),
    ") _postgrest_t",
  ];
  return { sql, readOnly: request.method !== "POST" || routine.volatility !== "v", routine };
}

const isCounted = ({ prefer }: ApiRequest) => prefer.get("count") === "exact";

function counted(request: ApiRequest, query: Snippet): Snippet {
  return isCounted(request) ? [", pgrst_source_count AS (", ...query, ")"] : [];
}

function total(request: ApiRequest): string {
  return isCounted(request) ? "(SELECT pg_catalog.count(*) FROM pgrst_source_count)" : "null::bigint";
}
