import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Connector } from "./connector.ts";
import { ConnectorError } from "./connector-error.ts";
import {
  createDirectly,
  ensureOnce,
  heldFor,
  never,
  newSubject,
  startAll,
  whole,
} from "./connectors.fixture.ts";
import type { FaultInput } from "./sandbox/index.ts";
import { type Vendor, vendors } from "./vendors.ts";

let all: Awaited<ReturnType<typeof startAll>>;
beforeAll(async () => {
  all = await startAll();
});
afterEach(() => {
  for (const sandbox of Object.values(all.vendors)) sandbox.reset();
});
afterAll(() => all.stop());

const connectorOf = (vendor: Vendor) => all.connectors[vendor] as Connector;
const signal = never();

async function failure(work: Promise<unknown>): Promise<ConnectorError> {
  const thrown = await work.then(
    () => undefined,
    (reason) => reason,
  );
  expect(ConnectorError.isInstance(thrown), String(thrown)).toBe(true);
  return thrown;
}

/** Paths of the first call of `find` and of the call that creates. */
const calls: Record<Vendor, { read: Partial<FaultInput>; write: Partial<FaultInput> }> = {
  chatwoot: { read: { path: "/inboxes" }, write: { method: "POST", path: "/inboxes" } },
  botpress: { read: { path: "/bots" }, write: { method: "POST", path: "/bots" } },
  odoo: { read: { path: "/search_read" }, write: { path: "/res.company/create" } },
  n8n: { read: { method: "GET", path: "/tags" }, write: { method: "POST", path: "/tags" } },
  metabase: { read: { method: "GET", path: "/api/collection" }, write: { method: "POST", path: "/copy" } },
};

type Expected = [kind: string, remedy: string, readRequests: number, writeRequests: number, more?: object];
const usual: [FaultInput, Expected][] = [
  [{ fault: "reset" }, ["unavailable", "check_service", 3, 1, { reason: "no_connection" }]],
  [{ fault: "bad_gateway" }, ["unavailable", "check_service", 3, 1, { status: 502 }]],
  [{ fault: "error" }, ["unavailable", "check_service", 1, 1, { status: 500 }]],
  [{ fault: "malformed" }, ["unknown", "check_vendor_version", 1, 1, { status: 200, reason: "not_json" }]],
  [{ fault: "web_page" }, ["unavailable", "check_settings", 1, 1, { status: 200, reason: "other_content" }]],
  [{ fault: "wrong_shape" }, ["unknown", "check_vendor_version", 1, 1, { reason: "unexpected_shape" }]],
  [{ fault: "oversized" }, ["unknown", "check_vendor_version", 1, 1, { reason: "too_large" }]],
  [{ fault: "redirect" }, ["unknown", "check_settings", 1, 1, { status: 302, reason: "redirect" }]],
  [{ fault: "unauthorized" }, ["auth", "check_credential", 1, 1, { status: 401 }]],
  [{ fault: "forbidden" }, ["forbidden", "grant_permission", 1, 1]],
  [{ fault: "payment_required" }, ["quota", "raise_quota", 1, 1, { status: 402 }]],
  [
    { fault: "rate_limited", retryAfterSeconds: 1 },
    ["rate_limited", "wait_and_retry", 3, 1, { status: 429 }],
  ],
  [
    { fault: "rate_limited", retryAfterSeconds: 60 },
    ["rate_limited", "wait_and_retry", 1, 1, { retryAfterMs: 60_000 }],
  ],
  [
    { fault: "rate_limited", retryAfterSeconds: 86_400 },
    ["rate_limited", "wait_and_retry", 1, 1, { retryAfterMs: 900_000 }],
  ],
];
/** Expected errors of a missing licence, which differ. n8n's list of tags needs no licence but can be refused. */
const licences: Record<Vendor, Expected> = {
  chatwoot: ["quota", "raise_quota", 1, 1, { status: 402 }],
  botpress: ["quota", "raise_quota", 1, 1, { status: 403 }],
  odoo: ["forbidden", "grant_permission", 1, 1, { status: 403 }],
  n8n: ["licence", "upgrade_licence", 1, 1, { status: 403 }],
  metabase: ["licence", "upgrade_licence", 1, 1, { status: 402 }],
};
const matrix = vendors.flatMap((vendor) =>
  [...usual, [{ fault: "licence" }, licences[vendor]] as [FaultInput, Expected]].map(
    ([fault, expected]) => [vendor, fault, expected] as const,
  ),
);

it.each(matrix)("%s, %o", async (vendor, given, [kind, remedy, reads, writes, more]) => {
  const { read, write } = calls[vendor];
  const sandbox = all.vendors[vendor];
  const requests = ({ method, path = "" }: Partial<FaultInput>) =>
    sandbox.calls().filter((call) => call.path.includes(path) && (!method || call.method === method)).length;
  const expected = { vendor, kind, remedy, ...more };

  sandbox.faults.add({ ...given, ...read, times: null });
  expect(await failure(connectorOf(vendor).find(newSubject(), signal))).toMatchObject(expected);
  expect(requests(read)).toBe(reads);

  sandbox.reset();
  const subject = newSubject();
  sandbox.faults.add({ ...given, ...write, times: null });
  expect(await failure(createDirectly(connectorOf(vendor), subject, signal))).toMatchObject(expected);
  expect(requests(write)).toBe(writes);

  // After the fault: one complete resource.
  sandbox.faults.clear();
  await ensureOnce(connectorOf(vendor), subject, signal);
  expect(heldFor(sandbox, subject)).toEqual(whole[vendor]);
});
