import {
  ColumnUpdateNode,
  type InsertQueryNode,
  type KyselyPlugin,
  OnConflictNode,
  type PluginTransformQueryArgs,
  ReferenceNode,
  TableNode,
} from "kysely";

/**
 * Makes an upsert set every inserted column, the conflict columns too, as PostgREST does; the caller needs UPDATE on
 * them. https://github.com/PostgREST/postgrest/issues/2446
 */
export const upsertColumns: KyselyPlugin = {
  transformQuery({ node }: PluginTransformQueryArgs) {
    return node.kind === "InsertQueryNode" ? withEveryColumnSet(node) : node;
  },
  transformResult: async ({ result }) => result,
};

function withEveryColumnSet(node: InsertQueryNode): InsertQueryNode {
  const { onConflict, columns } = node;
  if (onConflict?.updates === undefined || columns === undefined) return node;
  const updates = columns.map((column) =>
    ColumnUpdateNode.create(column, ReferenceNode.create(column, TableNode.create("excluded"))),
  );
  return Object.freeze({
    ...node,
    onConflict: OnConflictNode.cloneWith(onConflict, { updates: Object.freeze(updates) }),
  });
}
