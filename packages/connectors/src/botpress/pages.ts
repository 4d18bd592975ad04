import type * as z from "zod";
import { ConnectorError } from "../connector-error.ts";
import type { VendorHttp } from "../vendor-http.ts";

/** Maximum pages of 100 items, against an endless list. */
const maxPages = 200;

type Page<Item> = { items: Item[]; next: string | null | undefined };

/** Reads all pages of a list. Rejects with `unknown` for more than 200 pages. */
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
): Promise<Item[]> {
  const items: Item[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const query = { ...request.query, pageSize: 100, nextToken };
    const opened = open(await http({ ...request, query }));
    items.push(...opened.items);
    if (!opened.next) return items;
    nextToken = opened.next;
  }
  const problem = { kind: "unknown", remedy: "check_vendor_version" } as const;
  throw new ConnectorError({ vendor: "botpress", operation: request.operation, ...problem });
}
