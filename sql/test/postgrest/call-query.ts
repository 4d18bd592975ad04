import { bodySource } from "./body-source.ts";
import type { Catalog, Routine } from "./catalog.ts";
import type { ReadPlan } from "./read-plan.ts";
import { name, type Snippet } from "./snippet.ts";

// PostgREST 17, src/library/PostgREST/Query/QueryBuilder.hs 170-220: callPlanToQuery; Plan.hs 259-330: findProc.

/** The function that these arguments call; undefined for none or several. */
export function routineFor(called: string, body: string, { routines }: Catalog): Routine | undefined {
  const given = Object.keys(JSON.parse(body) as object);
  const found = routines.filter(
    ({ name: own, parameters }) =>
      own === called &&
      given.every((argument) => parameters.some((parameter) => parameter.name === argument)) &&
      parameters.every((parameter) => parameter.hasDefault || given.includes(parameter.name)),
  );
  return found.length === 1 ? found[0] : undefined;
}

/** The query that calls a function with the arguments of a JSON body. */
export function callQuery(routine: Routine, body: string, plan: ReadPlan): Snippet {
  const given = Object.keys(JSON.parse(body) as object);
  const parameters = routine.parameters.filter((parameter) => given.includes(parameter.name));
  const assigned = parameters.map(({ name: own }) => `${name(own)} := pgrst_body.${name(own)}`).join(", ");
  const call = `${name("public", routine.name)}(${assigned})`;
  const called = routine.returnsComposite ? `${call} pgrst_call` : `(SELECT ${call} pgrst_scalar) pgrst_call`;
  const columns = routine.returnsComposite ? returnedColumns(plan) : "pgrst_call.pgrst_scalar";
  if (parameters.length === 0) return [`SELECT ${columns} FROM ${called}`];
  return [`SELECT ${columns} `, ...bodySource(body, parameters, { onlyOne: true }), `, LATERAL ${called}`];
}

function returnedColumns(plan: ReadPlan): string {
  const columns = plan.columns.map((column) => column.name);
  if (columns.includes("*")) return '"pgrst_call".*';
  const needed = new Set([...columns, ...plan.filters.map(({ column }) => column)]);
  return [...needed]
    .toSorted()
    .map((column) => `"pgrst_call".${name(column)}`)
    .join(", ");
}
