import type { Catalog } from "./catalog.ts";
import { type ApiRequest, splitTopLevel } from "./request.ts";

/** A relation to read, with those embedded in it. */
export type ReadPlan = {
  relation: string;
  /** The name of the relation within this query; the relation itself at the root. */
  alias: string | undefined;
  columns: { name: string; alias: string | undefined }[];
  filters: { column: string; operation: string }[];
  logic: { operator: string; list: string }[];
  order: { column: string; direction: string }[];
  limit: number | undefined;
  offset: number | undefined;
  embedded: Embedded[];
};
export type Embedded = {
  plan: ReadPlan;
  responseName: string;
  aggregate: string;
  isInner: boolean;
  isToOne: boolean;
  /** Columns of the parent and of the embedded relation that are equal. */
  join: [parent: string, child: string][];
};

// PostgREST 17, src/library/PostgREST/Plan.hs: readPlan, addRels, addFilters, addOrders, addRanges, 525-530 max-rows.

/** Plans a read. `maxRows` cuts each relation, embedded ones too; undefined where nothing is cut: after a write. */
export function readPlan(
  relation: string,
  { search }: ApiRequest,
  catalog: Catalog,
  maxRows: number | undefined,
): ReadPlan {
  const given = (parameter: string) => search.find(([name]) => name === parameter)?.[1];
  const root = selected(relation, given("select") ?? "*", catalog, maxRows, 1);
  for (const [name, value] of search) applyParameter(root, name, value);
  const limit = given("limit");
  const offset = given("offset");
  root.limit = least(limit === undefined ? undefined : Number(limit), maxRows);
  root.offset = offset === undefined ? undefined : Number(offset);
  return root;
}

const reserved = new Set(["select", "limit", "offset", "on_conflict", "columns"]);

function applyParameter(root: ReadPlan, parameter: string, value: string): void {
  if (reserved.has(parameter)) return;
  const path = parameter.split(".");
  const last = path.pop() ?? "";
  const plan = path.reduce((at, step) => {
    const found = at.embedded.find(({ responseName }) => responseName === step)?.plan;
    if (!found) throw new Error(`${step} is not embedded`);
    return found;
  }, root);
  if (last === "order") plan.order = value.split(",").map(orderTerm);
  else if (last === "or" || last === "and") plan.logic.push({ operator: last, list: value });
  else plan.filters.push({ column: last, operation: value });
}

function orderTerm(term: string): ReadPlan["order"][number] {
  const [column = "", ...words] = term.split(".");
  const known: Record<string, string> = {
    asc: "ASC",
    desc: "DESC",
    nullsfirst: "NULLS FIRST",
    nullslast: "NULLS LAST",
  };
  return { column, direction: words.map((word) => known[word]).join(" ") };
}

function selected(
  relation: string,
  select: string,
  catalog: Catalog,
  maxRows: number | undefined,
  depth: number,
): ReadPlan {
  const plan: ReadPlan = {
    relation,
    alias: undefined,
    columns: [],
    filters: [],
    logic: [],
    order: [],
    limit: maxRows,
    offset: undefined,
    embedded: [],
  };
  for (const item of splitTopLevel(select)) {
    const [, alias, target = "", modifiers = "", inner] =
      /^(?:(\w+):)?(\w+|\*)((?:!\w+)*)(?:\((.*)\))?$/s.exec(item.trim()) ?? [];
    if (inner === undefined) {
      plan.columns.push({ name: target, alias });
      continue;
    }
    const marks = modifiers.split("!").filter(Boolean);
    const hint = marks.find((mark) => mark !== "inner" && mark !== "left");
    const child = selected(target, inner, catalog, maxRows, depth + 1);
    child.alias = `${target}_${depth}`;
    const responseName = alias ?? target;
    plan.embedded.push({
      plan: child,
      responseName,
      aggregate: `${relation}_${responseName}_${depth}`,
      isInner: marks.includes("inner"),
      ...relationship(relation, target, hint, catalog),
    });
  }
  return plan;
}

function relationship(parent: string, child: string, hint: string | undefined, { foreignKeys }: Catalog) {
  const found = foreignKeys.filter(
    (key) =>
      ((key.table === parent && key.target === child) || (key.table === child && key.target === parent)) &&
      (hint === undefined || key.name === hint),
  );
  const [key] = found;
  if (!key || found.length > 1) throw new Error(`${found.length} relationships of ${parent} and ${child}`);
  const isToOne = key.table === parent;
  const pairs = key.columns.map((column, index) => [column, key.targetColumns[index] ?? ""] as const);
  return {
    isToOne,
    join: pairs.map(([own, target]): [string, string] => (isToOne ? [own, target] : [target, own])),
  };
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}
