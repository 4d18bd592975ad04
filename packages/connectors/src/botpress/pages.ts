import type * as z from "zod";
import { ConnectorError } from "../connector-error.ts";
import type { VendorHttp } from "../vendor-http.ts";

/** So many pages of a hundred are read at most; a vendor that never ends would keep us for ever. */
const mostPages = 200;

type Page<Item> = { items: Item[]; next: string | null | undefined };

/** Reads a list of Botpress' whole, page by page. */
export async function allPages<Answer, Item>(
  http: VendorHttp,
  ask: {
    operation: string;
    path: string;
    query?: Record<string, string>;
    answer: z.ZodType<Answer>;
    signal: AbortSignal;
  },
  open: (answer: Answer) => Page<Item>,
): Promise<Item[]> {
  const items: Item[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const query = { ...ask.query, pageSize: 100, nextToken };
    // biome-ignore lint/performance/noAwaitInLoops: each page names the next one.
    const opened = open(await http({ ...ask, query }));
    items.push(...opened.items);
    if (!opened.next) return items;
    nextToken = opened.next;
  }
  const problem = { kind: "unknown", remedy: "check_vendor_version" } as const;
  throw new ConnectorError({ vendor: "botpress", operation: ask.operation, ...problem });
}
