import { type CallQuestion, type Range, ranges, timeOf } from "@smarteros/observability";
import { summarizeCalls } from "@smarteros/observability/tools";
import { momentOf } from "@smarteros/ui/zoned-time.ts";
import type * as z from "zod";

export const analyticsPage = "/dashboard/analytics";

/** The filters of the address, as text. */
export type Wish = Record<(typeof wishNames)[number], string>;
const wishNames = ["range", "from", "to", "tool", "user", "tenant"] as const;

export type SearchParams = Record<string, string | string[] | undefined>;

const accepted = summarizeCalls.input.omit({ range: true });
const longest = 400 * 86_400_000;

/** Reads the wish of an address; of a name that is there twice the first counts. */
export function wishOf(params: SearchParams): Wish {
  const first = (name: string) => [params[name]].flat()[0]?.trim() ?? "";
  return Object.fromEntries(wishNames.map((name) => [name, first(name)])) as Wish;
}

/** Returns the range that the filters name, where they give no times instead. */
export function rangeOf({ range, from, to }: Wish): Range | undefined {
  if (from || to) return undefined;
  return range === "" ? "24h" : Object.hasOwn(ranges, range) ? (range as Range) : undefined;
}

/** Parses the filters into a question, or returns the name of the first invalid one. */
export function questionOf(
  wish: Wish,
  timeZone: string,
  now: number,
): { ok: true; question: CallQuestion } | { ok: false; name: string } {
  const range = rangeOf(wish);
  if (!range && !wish.from && !wish.to) return { ok: false, name: "range" };
  const given = {
    from: wish.from && momentOf(wish.from, timeZone),
    to: wish.to && momentOf(wish.to, timeZone),
    tool: wish.tool,
    user: wish.user,
    tenantId: wish.tenant,
  };
  const parsed = accepted.safeParse(
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== "")),
  );
  if (!parsed.success) return { ok: false, name: nameOf(parsed.error) };
  const { from, to, ...others } = parsed.data;
  const until = to === undefined ? now : Date.parse(to);
  const since = Date.parse(from ?? timeOf(range ?? "24h", until).from);
  if (since >= until || until - since > longest) return { ok: false, name: "from" };
  if (others.user !== undefined && others.tenantId !== undefined) return { ok: false, name: "tenant" };
  return {
    ok: true,
    question: { ...others, from: new Date(since).toISOString(), to: new Date(until).toISOString() },
  };
}

function nameOf({ issues }: z.ZodError): string {
  const name = String(issues[0]?.path[0] ?? "");
  return name === "tenantId" ? "tenant" : name;
}

/** An address of this page with that wish; what is empty is left out. */
export function addressOf(wish: Partial<Wish>): string {
  const given = Object.entries(wish).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const query = new URLSearchParams(given).toString();
  return query ? `${analyticsPage}?${query}` : analyticsPage;
}
