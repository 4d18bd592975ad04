import postgres from "postgres";
import type { Stack } from "../../apps/local/src/stack.ts";
import { readCatalog } from "../../sql/test/postgrest/catalog.ts";
import { mainQuery } from "../../sql/test/postgrest/main-query.ts";
import { type ApiRequest, apiRequest } from "../../sql/test/postgrest/request.ts";
import { textOf } from "../../sql/test/postgrest/snippet.ts";
import { changesSince, currentTransaction } from "./changes.ts";
import { comparable, type Known, knownIn } from "./comparable.ts";
import { type Sender, senderOf } from "./principals.ts";
import type { SentRequest } from "./recorder.ts";
import { type Result, templateRunner } from "./template.ts";

/** A compared request: as sent, PostgREST's SQL for it, and the differences by sender. */
export type Compared = {
  sent: SentRequest;
  sender: string;
  request: ApiRequest;
  main: ReturnType<typeof mainQuery>;
  differences: { sender: string; postgrest: unknown; embedded: unknown }[];
};

const isSame = (one: Compared, other: Compared) =>
  one.sent.file === other.sent.file &&
  one.sent.line === other.sent.line &&
  textOf(one.main.sql) === textOf(other.main.sql);

/**
 * Creates the function that handles a request of the product: runs PostgREST's SQL on the same rows and undoes it,
 * sends the request to the embedded REST API, and compares the two. Repeats both for all other senders, once for each
 * form of a request.
 */
export async function comparison(stack: Stack, senders: Map<string, Sender>, maxRows: number) {
  const sql = postgres(stack.superuserUrl, {
    max: 1,
    onnotice: () => undefined,
    connection: { TimeZone: "UTC" },
  });
  const catalog = await readCatalog(sql);
  const templates = templateRunner(stack.superuserUrl, catalog, maxRows);
  // All ids and times at the start, extended by those that requests create.
  const known: Known = new Set(knownIn(await changesSince(sql, "0")));
  const compared: Compared[] = [];
  const failures: string[] = [];
  let queue: Promise<unknown> = Promise.resolve();

  function handle(sent: SentRequest, send: typeof fetch): Promise<Response> {
    // Sequential, because changes are assigned to requests by transaction.
    const turn = queue.then(() => inTurn(sent, send));
    queue = turn.catch((error: unknown) =>
      failures.push(`${sent.method} ${sent.url}: ${(error as Error).stack}`),
    );
    return turn;
  }

  async function inTurn(sent: SentRequest, send: typeof fetch): Promise<Response> {
    const request = apiRequest(sent);
    const sender = senderOf(sent.headers, senders);
    const entry: Compared = {
      sent,
      sender: sender.name,
      request,
      main: mainQuery(request, catalog, maxRows),
      differences: [],
    };
    const isNew = !compared.some((earlier) => isSame(earlier, entry));
    compared.push(entry);
    for (const id of knownIn([sent.url, decodeURIComponent(sent.url), sent.body])) known.add(id);
    const { response } = await both(entry, sender, send);
    for (const other of senders.values()) {
      if (isNew && other !== sender) await both(entry, other, send);
    }
    return response;
  }

  async function both(entry: Compared, sender: Sender, send: typeof fetch): Promise<{ response: Response }> {
    const expected = await templates.run(entry.request, sender);
    const before = await currentTransaction(sql);
    const response = await sendAs(sender, entry.sent, send);
    const outcome = await outcomeOf(response.clone());
    const mayWrite = !entry.main.readOnly && outcome.code === null;
    const actual: Result = { outcome, changes: mayWrite ? await changesSince(sql, before) : [] };
    const isOrdered = entry.request.search.some(([name]) => name === "order");
    const [postgrest, embedded] = [expected, actual].map(({ outcome, changes }) => ({
      outcome: comparable(outcome, known, isOrdered),
      changes: comparable(changes, known, false),
    }));
    if (JSON.stringify(postgrest) !== JSON.stringify(embedded))
      entry.differences.push({ sender: sender.name, postgrest, embedded });
    for (const id of knownIn(actual)) known.add(id);
    return { response };
  }

  return {
    handle,
    compared,
    /** The requests that could not be compared. */
    failures,
    async end() {
      await Promise.all([sql.end(), templates.end()]);
    },
  };
}

function sendAs(sender: Sender, { url, method, headers, body }: SentRequest, send: typeof fetch) {
  const own = new Headers(headers);
  own.set("apikey", sender.apikey);
  own.set("authorization", `Bearer ${sender.bearer}`);
  return send(url, { method, headers: own, ...(body === undefined ? {} : { body }) });
}

async function outcomeOf(response: Response): Promise<Result["outcome"]> {
  const text = await response.text();
  const body: unknown = text === "" ? null : JSON.parse(text);
  if (!response.ok)
    return { status: response.status, body: null, total: null, code: (body as { code: string }).code };
  const count = response.headers.get("content-range")?.split("/")[1] ?? "*";
  return { status: response.status, body, total: count === "*" ? null : Number(count), code: null };
}
