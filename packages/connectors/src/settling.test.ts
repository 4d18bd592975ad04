import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Connector, settleAfterMs } from "./connector.ts";
import {
  connectorsFor,
  createDirectly,
  creating,
  creations,
  ensureEventually,
  ensureOnce,
  heldFor,
  never,
  newSubject,
  startAll,
  virtualClock,
  whole,
} from "./connectors.fixture.ts";
import { ensure } from "./ensure.ts";
import { searchGapMs } from "./intents.ts";
import { adminApiAt } from "./manual-resources.fixture.ts";
import type { FaultInput } from "./sandbox/index.ts";
import { memoryIntents } from "./testing.ts";
import { Unsettled } from "./unsettled.ts";
import type { ConnectorOptions } from "./vendor-http.ts";
import { type Vendor, vendors } from "./vendors.ts";

// A creation with an unknown outcome is settled without a second resource.

const clock = virtualClock();
let all: Awaited<ReturnType<typeof startAll>>;
beforeAll(async () => {
  all = await startAll({ clock });
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const sandbox of Object.values(all.vendors)) sandbox.reset();
});
afterAll(() => all.stop());

const signal = never();
const stop = { kind: "conflict", remedy: "confirm_creation" };

function placeOf(vendor: Vendor, options?: ConnectorOptions) {
  const connector = connectorsFor(all.settings, options)[vendor] as Connector;
  const sandbox = all.vendors[vendor];
  const subject = newSubject();
  const intents = memoryIntents(clock);
  return {
    connector,
    sandbox,
    subject,
    intents,
    attempt: () => ensure(connector, subject, { signal, intents }),
    eventually: () => ensureEventually(connector, subject, { intents, clock }),
    creations: () => creations(sandbox, vendor),
    held: () => heldFor(sandbox, subject),
    /** Breaks the last call that creates an object. */
    breakCreation: (fault: FaultInput) => sandbox.faults.add({ ...fault, ...creating[vendor].at(-1) }),
  };
}

const listing = vendors.filter((vendor) => vendor !== "odoo");
const consistent = vendors.filter((vendor) => vendor !== "odoo" && vendor !== "botpress");

it("each vendor declares how it settles", () => {
  const kinds = vendors.map((vendor) => [vendor, all.connectors[vendor].settling.kind]);
  expect(Object.fromEntries(kinds)).toEqual({
    chatwoot: "consistent_list",
    botpress: "uncertain_list",
    odoo: "unique_name",
    n8n: "consistent_list",
    metabase: "consistent_list",
  });
});

describe.each(vendors)("%s", (vendor) => {
  it.each([0, 5_000, 45_000, 90_000])(
    "commits %i ms after the connection broke: one resource, no person",
    async (ms) => {
      const { eventually, breakCreation, held, intents } = placeOf(vendor);
      breakCreation({ fault: "late_commit", ms });
      expect(await eventually()).toMatchObject({ resource: { state: "active" }, duplicates: [] });
      await clock.pass(settleAfterMs);
      expect(held()).toEqual(whole[vendor]);
      expect(await intents.open()).toBeUndefined();
    },
  );

  it("commits after the deadline of the attempt: the outcome is unknown and the resource is found", async () => {
    const { connector, subject, intents, eventually, breakCreation, held } = placeOf(vendor);
    breakCreation({ fault: "latency", ms: 500 });
    const caller = new AbortController();
    const late = new DOMException("The deadline passed.", "TimeoutError");
    const isLast = creating[vendor].length;
    let begun = 0;
    const expiring = {
      ...intents,
      async begin() {
        await intents.begin();
        if (++begun === isLast) setTimeout(() => caller.abort(late), 200);
      },
    };
    const failure = { kind: "unavailable", reason: "deadline", outcome: "unknown" };
    await expect(
      ensure(connector, subject, { signal: caller.signal, intents: expiring }),
    ).rejects.toMatchObject(failure);
    await expect.poll(held).toEqual(whole[vendor]);
    expect(await eventually()).toMatchObject({ duplicates: [] });
    expect(held()).toEqual(whole[vendor]);
  });

  it.each<FaultInput>([{ fault: "reset_after_commit" }, { fault: "error_after_commit" }, { fault: "cut" }])(
    "commits and $fault loses the answer: the intent stays open until the resource is found",
    async (fault) => {
      const { attempt, eventually, breakCreation, intents, held } = placeOf(vendor);
      breakCreation(fault);
      await expect(attempt()).rejects.toMatchObject({ outcome: "unknown" });
      expect(await intents.open()).toBeDefined();
      await eventually();
      expect(intents.settled[0]).toBe("found");
      expect(held()).toEqual(whole[vendor]);
    },
  );

  it("resets before an effect: the outcome is unknown, as the caller cannot see the difference", async () => {
    const { attempt, breakCreation, intents } = placeOf(vendor);
    breakCreation({ fault: "reset" });
    await expect(attempt()).rejects.toMatchObject({ reason: "no_connection", outcome: "unknown" });
    expect(await intents.open()).toBeDefined();
    expect(intents.settled).toEqual([]);
  });

  it.each<FaultInput>([
    { fault: "unauthorized" },
    { fault: "forbidden" },
    { fault: "payment_required" },
    { fault: "licence" },
    { fault: "rate_limited" },
  ])("refuses with $fault: the intent is settled and the next attempt creates", async (fault) => {
    const { attempt, breakCreation, intents, held } = placeOf(vendor);
    breakCreation(fault);
    await expect(attempt()).rejects.toMatchObject({ outcome: "none" });
    expect(intents.settled).toEqual(["refused"]);
    await attempt();
    expect(intents.settled).toEqual(["refused", "created"]);
    expect(held()).toEqual(whole[vendor]);
  });

  it.each(["connection refused", "unknown host", "blocked port"])(
    "is not reached, %s: settled as refused",
    async (how) => {
      const closed = await closedPort();
      const urls = {
        "connection refused": closed,
        "unknown host": "http://no-host.invalid",
        "blocked port": "http://127.0.0.1:1",
      };
      const {
        attempt,
        intents,
        held,
        creations: sent,
      } = placeOf(vendor, {
        fetch: (request) =>
          isCreation(vendor, request as Request)
            ? fetch(urls[how as keyof typeof urls], { method: "POST", body: "{}" })
            : fetch(request),
      });
      await expect(attempt()).rejects.toMatchObject({ kind: "unavailable", outcome: "none" });
      expect(intents.settled).toEqual(["refused"]);
      expect(sent()).toBe(0);
      expect(held()).toEqual([]);
    },
  );

  it("is not called when the signal aborts after the check of the task: settled as refused", async () => {
    const { connector, subject, intents, creations: sent } = placeOf(vendor);
    const caller = new AbortController();
    const reason = new Error("the run was cancelled");
    const aborting = { ...intents, begin: () => intents.begin().then(() => caller.abort(reason)) };
    await expect(ensure(connector, subject, { signal: caller.signal, intents: aborting })).rejects.toBe(
      reason,
    );
    expect(intents.settled).toEqual(["refused"]);
    expect(sent()).toBe(0);
  });

  it("is not called when another worker has the task: the intent is not touched", async () => {
    const { connector, subject, creations: sent } = placeOf(vendor);
    const lost = memoryIntents({ now: clock.now, holdsTask: () => false });
    await expect(ensure(connector, subject, { signal, intents: lost })).rejects.toThrow("Another worker");
    expect(sent()).toBe(0);
  });

  it("is not called when 2 s passed since the check of the task, at each request of a creation", async () => {
    const real = performance.now.bind(performance);
    for (let stalled = 1; ; stalled++) {
      const { connector, subject, sandbox, intents, eventually, held } = placeOf(vendor);
      sandbox.reset();
      let begun = 0;
      let ahead = 0;
      const now = vi.spyOn(performance, "now").mockImplementation(() => real() + ahead);
      const stalling = {
        ...intents,
        async begin() {
          await intents.begin();
          if (++begun === stalled) ahead = 2_001;
        },
      };
      const ended = await ensure(connector, subject, { signal, intents: stalling }).catch((thrown) => thrown);
      now.mockRestore();
      if (begun < stalled) {
        expect(stalled).toBeGreaterThan(1);
        expect(ended).toMatchObject({ action: "created" });
        return;
      }
      expect(ended).toMatchObject({ kind: "unavailable", reason: "stalled", outcome: "none" });
      expect(changes(vendor)).toBe(stalled - 1);
      expect(intents.settled).toEqual(["refused"]);
      await eventually();
      expect(held()).toEqual(whole[vendor]);
    }
  });

  it("creates nothing when its list does not show what it created, until the list shows it", async () => {
    const { attempt, eventually, sandbox, creations: sent, intents, held } = placeOf(vendor);
    sandbox.faults.add({ fault: "lag", ms: 60_000, times: null });
    await expect(attempt()).rejects.toMatchObject({ name: "Unsettled", retryAfterMs: searchGapMs });
    expect(await intents.open()).toMatchObject({ doubtful: true });
    const before = sent();
    expect(await eventually()).toMatchObject({ action: "found", duplicates: [] });
    if (vendor !== "odoo") expect(sent()).toBe(before);
    expect(held()).toEqual(whole[vendor]);
  });

  it("does not use a recorded resource of another tenant", async () => {
    const { connector, subject, intents } = placeOf(vendor);
    const { resource } = await ensureOnce(connector, newSubject(), signal);
    const ensured = await ensure(connector, subject, { signal, intents, recorded: resource.id });
    expect(ensured).toMatchObject({
      action: "created",
      resource: { tenantId: subject.tenantId },
      duplicates: [],
    });
    expect(ensured.resource.id).not.toEqual(resource.id);
  });
});

describe.each(listing)("%s, whose names are not unique", (vendor) => {
  it("uses the recorded resource also when its list does not show it, and creates nothing", async () => {
    const { connector, subject, sandbox, intents, creations: sent, held } = placeOf(vendor);
    const { resource } = await ensureOnce(connector, subject, signal);
    const before = sent();
    // A tag of n8n is its own, its workflow is read from a list.
    sandbox.faults.add({ fault: "lag", ms: 60_000, ...(vendor === "n8n" && { path: "/tags" }), times: null });
    expect(await connector.find(subject, signal)).toEqual([]);
    const recorded = { signal, intents, recorded: resource.id };
    expect(await ensure(connector, subject, recorded)).toMatchObject({
      action: "found",
      resource: { id: resource.id },
    });
    expect(sent()).toBe(before);
    expect(held()).toEqual(whole[vendor]);
  });

  it("is only searched until the intent is 10 minutes old", async () => {
    const { attempt, breakCreation, creations: sent } = placeOf(vendor);
    breakCreation({ fault: "reset" });
    await expect(attempt()).rejects.toMatchObject({ outcome: "unknown" });
    const before = sent();
    const begun = clock.now();
    let searches = 0;
    for (; clock.now() - begun < settleAfterMs; searches++) {
      const thrown = await attempt().catch((reason) => reason);
      expect(Unsettled.isInstance(thrown), String(thrown)).toBe(true);
      expect(thrown.retryAfterMs).toBeGreaterThan(0);
      await clock.pass(thrown.retryAfterMs);
    }
    expect(clock.now() - begun).toBe(settleAfterMs);
    expect(searches).toBeGreaterThan(5);
    expect(searches).toBeLessThan(20);
    expect(sent()).toBe(before);
  });
});

// A tenant has one tag at n8n; its other workflows are leftovers.
describe.each(vendors.filter((vendor) => vendor !== "n8n"))("%s", (vendor) => {
  it("reports a second resource beside the recorded one", async () => {
    const { connector, subject, intents, attempt } = placeOf(vendor);
    const { resource } = await attempt();
    const other = { ...subject, businessName: "Another" };
    const second = await createDirectly(connector, other, signal);
    const ensured = await ensure(connector, subject, { signal, intents, recorded: second });
    expect(ensured).toMatchObject({ resource: { id: second }, duplicates: [String(resource.id)] });
  });
});

describe.each(consistent)("%s, whose list is consistent", (vendor) => {
  it("creates once more after two complete empty searches with a gap", async () => {
    const { attempt, breakCreation, sandbox, intents, creations: sent, held } = placeOf(vendor);
    breakCreation({ fault: "reset" });
    await expect(attempt()).rejects.toMatchObject({ outcome: "unknown" });
    const before = sent();
    await clock.pass(settleAfterMs);
    await expect(attempt()).rejects.toMatchObject({ name: "Unsettled", retryAfterMs: searchGapMs });
    // Too early, and then without a complete search.
    await expect(attempt()).rejects.toMatchObject({ name: "Unsettled", retryAfterMs: searchGapMs });
    await clock.pass(searchGapMs);
    sandbox.faults.add({ fault: "cut", method: "GET", times: null });
    await expect(attempt()).rejects.toMatchObject({ kind: "unavailable", outcome: "none" });
    sandbox.faults.clear();
    expect(await intents.open()).toMatchObject({ emptySearches: 1 });
    expect(sent()).toBe(before);
    await attempt();
    expect(intents.settled).toEqual(["absent", "created"]);
    expect(sent()).toBe(before + 1);
    expect(held()).toEqual(whole[vendor]);
  });

  it("stops for a person when its list never shows what it created", async () => {
    const { eventually, sandbox, creations: sent, held } = placeOf(vendor);
    sandbox.faults.add({ fault: "lag", ms: 3_600_000, times: null });
    await expect(eventually()).rejects.toMatchObject(stop);
    expect(sent()).toBe(creating[vendor].length);
    expect(held()).toEqual(whole[vendor]);
  });
});

describe("n8n, whose new workflow is switched on last", () => {
  it("creates no second one when switching it on fails and the list then hides it", async () => {
    const { attempt, eventually, sandbox, intents, creations: sent, held } = placeOf("n8n");
    sandbox.faults.add({ fault: "reset_after_commit", method: "PUT", path: "/tags" });
    await expect(attempt()).rejects.toMatchObject({ operation: "workflow.tag", outcome: "unknown" });
    sandbox.faults.add({ fault: "reset", path: "/activate" });
    await expect(attempt()).rejects.toMatchObject({ operation: "workflow.activate", outcome: "unknown" });
    expect(intents.settled).toEqual([]);
    sandbox.faults.add({ fault: "lag", ms: 60_000, method: "GET", path: "/workflows", times: null });
    await expect(attempt()).rejects.toMatchObject({ name: "Unsettled" });
    sandbox.faults.clear();
    expect(await eventually()).toMatchObject({ action: "enabled", duplicates: [] });
    expect(intents.settled).toEqual(["found"]);
    expect(sent()).toBe(2);
    expect(held()).toEqual(whole.n8n);
  });
});

describe("Botpress, whose list is uncertain", () => {
  it("stops for a person after 10 minutes, creates nothing then, and finds what appears later", async () => {
    const { attempt, eventually, breakCreation, creations: sent, held, intents } = placeOf("botpress");
    breakCreation({ fault: "late_commit", ms: 2 * settleAfterMs });
    await expect(attempt()).rejects.toMatchObject({ outcome: "unknown" });
    const begun = clock.now();
    await expect(eventually()).rejects.toMatchObject(stop);
    expect(clock.now() - begun).toBe(settleAfterMs);
    await expect(attempt()).rejects.toMatchObject(stop);
    expect(sent()).toBe(1);
    await clock.pass(settleAfterMs);
    expect(await attempt()).toMatchObject({ action: "found", duplicates: [] });
    expect(intents.settled).toEqual(["found"]);
    expect(held()).toEqual(["bot"]);
  });
});

describe("Odoo, whose names are unique", () => {
  it("creates again immediately; a conflict proves the first one", async () => {
    const { connector, subject, attempt, breakCreation, creations: sent, held, intents } = placeOf("odoo");
    breakCreation({ fault: "late_commit", ms: 1_000 });
    await expect(attempt()).rejects.toMatchObject({ outcome: "unknown" });
    // The first one commits between the search and the second one.
    const late = { ...intents, begin: () => intents.begin().then(() => clock.pass(1_000)) };
    const ensured = await ensure(connector, subject, { signal, intents: late });
    expect(ensured).toMatchObject({ action: "found", created: undefined, duplicates: [] });
    expect(sent()).toBe(2);
    expect(intents.settled).toEqual(["found"]);
    expect(held()).toEqual(["company"]);
  });

  it("creates again immediately; the first one is then refused", async () => {
    const { attempt, breakCreation, creations: sent, held } = placeOf("odoo");
    breakCreation({ fault: "late_commit", ms: 90_000 });
    await expect(attempt()).rejects.toMatchObject({ outcome: "unknown" });
    expect(await attempt()).toMatchObject({ action: "created" });
    await clock.pass(90_000);
    expect(sent()).toBe(2);
    expect(held()).toEqual(["company"]);
  });
});

describe("a vendor that drops the mark", () => {
  it.each([
    ["botpress", "tags_dropped"],
    ["odoo", "registry_dropped"],
    ["metabase", "descriptions_dropped"],
  ] as const)("%s, with %s, stops for a person and creates no second one", async (vendor, condition) => {
    const { attempt, sandbox, intents, creations: sent } = placeOf(vendor);
    sandbox.conditions[condition] = true;
    await expect(attempt()).rejects.toMatchObject(stop);
    expect(await intents.open()).toMatchObject({ doubtful: true });
    const before = sandbox.resources().length;
    await expect(attempt()).rejects.toMatchObject(
      vendor === "odoo" ? { kind: "conflict", remedy: "resolve_name_clash" } : { name: "Unsettled" },
    );
    await clock.pass(settleAfterMs);
    if (vendor !== "odoo") {
      await expect(attempt()).rejects.toMatchObject(stop);
      expect(sent()).toBe(creating[vendor].length);
    }
    expect(sandbox.resources()).toHaveLength(before);
  });
});

describe("Chatwoot before 2.7, which drops the mark", () => {
  const tooOld = { kind: "validation", remedy: "check_vendor_version", operation: "inbox.create" };

  it("is left without the inbox, and the next attempt creates and removes one again", async () => {
    const { attempt, sandbox, intents, creations: sent } = placeOf("chatwoot");
    sandbox.conditions.attributes_dropped = true;
    await expect(attempt()).rejects.toMatchObject(tooOld);
    expect(intents.settled).toEqual(["refused"]);
    await clock.pass(1_000);
    expect(sandbox.resources()).toEqual([]);
    sandbox.conditions.attributes_dropped = false;
    expect(await attempt()).toMatchObject({ action: "created" });
    expect(sent()).toBe(2);
  });

  it.each<FaultInput>([
    { fault: "error", method: "DELETE", times: null },
    { fault: "reset_after_commit", method: "DELETE" },
    { fault: "reset", method: "GET", path: "/inboxes/", times: 3 },
  ])("stops for a person when the inbox cannot be removed, %o", async (fault) => {
    const { attempt, sandbox, intents, creations: sent } = placeOf("chatwoot");
    sandbox.conditions.attributes_dropped = true;
    sandbox.faults.add(fault);
    // What a deletion with a lost response left is not certain.
    const isGone = fault.fault === "reset_after_commit";
    await expect(attempt()).rejects.toMatchObject(stop);
    expect(await intents.open()).toMatchObject({ doubtful: true });
    await clock.pass(settleAfterMs);
    await expect(attempt()).rejects.toMatchObject(stop);
    expect(sent()).toBe(1);
    expect(sandbox.resources()).toHaveLength(isGone ? 0 : 1);
  });

  it("retains an inbox that a person renamed or marked before it is removed", async () => {
    for (const change of [
      { name: "Ventas" },
      { channel: { additional_attributes: { smarteros_tenant_id: "7" } } },
    ]) {
      const { attempt, sandbox, subject, intents, connector } = placeOf("chatwoot", {
        async fetch(input, init) {
          const response = await fetch(input, init);
          if ((input as Request).method !== "POST") return response;
          sandbox.conditions.attributes_dropped = false;
          const { id } = (await response.clone().json()) as { id: number };
          await adminApiAt(() => all.settings).chatwoot(`/inboxes/${id}`, change, "PATCH");
          return response;
        },
      });
      sandbox.reset();
      sandbox.conditions.attributes_dropped = true;
      await expect(attempt()).rejects.toMatchObject(stop);
      expect(await intents.open()).toBeDefined();
      expect(sandbox.calls().filter(({ method }) => method === "DELETE")).toEqual([]);
      expect(await connector.find(subject, signal)).toEqual([]);
      expect(sandbox.resources()).toHaveLength(1);
    }
  });
});

describe("a list that lacks rows", () => {
  it("of Metabase is noticed by its total", async () => {
    const { attempt, connector, subject, sandbox } = placeOf("metabase");
    await attempt();
    sandbox.faults.add({ fault: "short_list", path: "/search", times: null });
    const incomplete = { kind: "unknown", remedy: "check_service" };
    await expect(connector.find(subject, signal)).rejects.toMatchObject(incomplete);
  });

  it("of Chatwoot hides neither a recorded inbox nor one that was just created", async () => {
    const { attempt, connector, subject, intents, sandbox, creations: sent } = placeOf("chatwoot");
    sandbox.faults.add({ fault: "short_list", times: null });
    await expect(attempt()).rejects.toMatchObject({ name: "Unsettled" });
    const [inbox] = sandbox.resources();
    const ensured = await ensure(connector, subject, { signal, intents, recorded: Number(inbox?.id) });
    expect(ensured).toMatchObject({ action: "found", duplicates: [] });
    expect(sent()).toBe(1);
  });
});

it("a creation is not sent after a real stall of the event loop", async () => {
  const { connector, subject, intents, creations: sent } = placeOf("chatwoot");
  const stalling = {
    ...intents,
    begin: () =>
      intents
        .begin()
        .then(() =>
          queueMicrotask(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_100)),
        ),
  };
  await expect(ensure(connector, subject, { signal, intents: stalling })).rejects.toMatchObject({
    reason: "stalled",
  });
  expect(sent()).toBe(0);
});

/** Returns an address at which nothing listens. */
async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

const isCreation = (vendor: Vendor, { method, url }: Request) =>
  creating[vendor].some((call) => call.method === method && new URL(url).pathname.endsWith(call.path));

/** Returns the number of state-changing calls so far. */
const changes = (vendor: Vendor) =>
  all.vendors[vendor].calls().filter(({ method, path }) => method !== "GET" && !path.endsWith("/search_read"))
    .length;
