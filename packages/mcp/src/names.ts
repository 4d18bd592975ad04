/** The spelling of tool names on the protocol: most clients reject dots, and one bad name hides a whole tool set. */
export type NameStyle = "alias" | "dotted";

export type ToolNames = {
  /** Returns the name that a client sees. */
  shown(name: string): string;
  /** Returns the canonical name of either spelling; an unknown one is returned unchanged. */
  canonical(given: string): string;
};

/** Pairs canonical dotted names with their aliases (`tenants.list`, `tenants_list`). Throws where two aliases meet. */
export function toolNames(names: readonly string[], style: NameStyle): ToolNames {
  const byAlias = new Map<string, string>();
  for (const name of names) {
    const alias = aliasOf(name);
    const taken = byAlias.get(alias);
    if (taken !== undefined)
      throw new Error(`${taken} and ${name} have the same alias ${alias}. Rename one of them.`);
    byAlias.set(alias, name);
  }
  return {
    shown: style === "dotted" ? (name) => name : aliasOf,
    canonical: (given) => byAlias.get(given) ?? given,
  };
}

const aliasOf = (name: string) => name.replaceAll(".", "_");
