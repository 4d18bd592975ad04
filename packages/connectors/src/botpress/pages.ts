import type * as z from "zod";
import { ConnectorError } from "../connector-error.ts";
import type { VendorHttp } from "../vendor-http.ts";

type Page<Item> = { items: Item[]; next: string | null | undefined };

/** Reads all pages of a list and resolves to the selected items. Rejects with `unknown` when a page names itself as the next. */
export async function allPages<Data, Item>(
  http: VendorHttp,
  request: {
    operation: string;
    path: string;
    query?: Record<string, string>;
    response: z.ZodType<Data>;
    signal: AbortSignal;
  },
  open: (response: Data) => Page<Item>,
  keep: (item: Item) => boolean,
): Promise<Item[]> {
  const kept: Item[] = [];
  let nextToken: string | undefined;
  for (;;) {
    const query = { ...request.query, pageSize: 100, nextToken };
    const { items, next } = open(await http({ ...request, query }));
    kept.push(...items.filter(keep));
    if (!next) return kept;
    if (next === nextToken) break;
    nextToken = next;
  }
  const problem = { kind: "unknown", remedy: "check_vendor_version" } as const;
  throw new ConnectorError({ vendor: "botpress", operation: request.operation, ...problem });
}
