import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Connector } from "./connector.ts";
import { ConnectorError } from "./connector-error.ts";
import {
  connectorsFor,
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
import { n8nFake } from "./n8n/sandbox.ts";
import type { FaultInput, Sandbox } from "./sandbox/index.ts";
import { startSandbox } from "./sandbox/server.ts";
import { memoryIntents } from "./testing.ts";
import { vendors } from "./vendors.ts";

// A creation that fails at any of its calls, in any way, is completed by a repetition, without a duplicate.

type Place = { connector: Connector; sandbox: Sandbox; held: string[] };

const clock = virtualClock();
let all: Awaited<ReturnType<typeof startAll>>;
let licensed: Sandbox;
beforeAll(async () => {
  all = await startAll({ clock });
  licensed = await startSandbox(
    { ...n8nFake, conditions: { ...n8nFake.conditions, licensed: true } },
    { clock },
  );
});
afterEach(() => {
  for (const sandbox of [...Object.values(all.vendors), licensed]) sandbox.reset();
});
afterAll(() => Promise.all([all.stop(), licensed.stop()]));

const signal = never();
const usual = vendors.map((vendor): [string, () => Place] => [
  vendor,
  () => ({
    connector: all.connectors[vendor] as Connector,
    sandbox: all.vendors[vendor],
    held: whole[vendor],
  }),
]);
const places: [string, () => Place][] = [
  ...usual,
  [
    "botpress, a workspace each",
    () => ({
      connector: connectorsFor({ ...all.settings, BOTPRESS_PER_TENANT: "workspace" }).botpress as Connector,
      sandbox: all.vendors.botpress,
      held: ["workspace"],
    }),
  ],
  [
    "n8n, licensed",
    () => ({
      connector: connectorsFor({ ...all.settings, ...licensed.settings }).n8n as Connector,
      sandbox: licensed,
      held: ["project", "workflow"],
    }),
  ],
];

describe.each(places)("%s", (_, place) => {
  it.each<FaultInput>([
    { fault: "reset_after_commit" },
    { fault: "error_after_commit" },
    { fault: "late_commit", ms: 90_000 },
    { fault: "cut" },
    { fault: "reset" },
    { fault: "error" },
    { fault: "malformed" },
    { fault: "rate_limited", retryAfterSeconds: 30 },
  ])(
    "with $fault at each call leaves exactly one resource, or none and a person's decision",
    async (fault) => {
      const { connector, sandbox, held } = place();
      await ensureOnce(connector, newSubject(), signal);
      const calls = sandbox.calls().length;
      expect(calls).toBeGreaterThan(2);
      let failures = 0;
      for (let skip = 0; skip < calls; skip++) {
        const subject = newSubject();
        const intents = memoryIntents(clock);
        sandbox.faults.clear();
        sandbox.faults.add({ ...fault, skip });
        await ensure(connector, subject, { signal, intents }).catch(() => failures++);
        sandbox.faults.clear();
        const ended = await ensureEventually(connector, subject, { intents, clock }).catch(
          (thrown) => thrown,
        );
        await clock.pass(90_000);
        const seen = `after a ${fault.fault} at call ${skip + 1}`;
        if (ConnectorError.isInstance(ended)) {
          expect(connector.settling.kind, seen).toBe("uncertain_list");
          expect(ended, seen).toMatchObject({ kind: "conflict", remedy: "confirm_creation" });
          expect(heldFor(sandbox, subject), seen).toEqual([]);
          continue;
        }
        expect(heldFor(sandbox, subject), seen).toEqual(held);
        expect(ended, seen).toMatchObject({
          duplicates: [],
          resource: { state: "active", tenantId: subject.tenantId },
        });
        expect(await intents.open(), seen).toBeUndefined();
        expect(await ensure(connector, subject, { signal, intents })).toMatchObject({
          action: "found",
          created: undefined,
        });
      }
      expect(failures).toBeGreaterThan(0);
    },
  );

  it("with a persistent fault is not reported as existing", async () => {
    const { connector, sandbox } = place();
    const subject = newSubject();
    sandbox.faults.add({ fault: "error", times: null });
    await expect(ensureOnce(connector, subject, signal)).rejects.toMatchObject({ kind: "unavailable" });
    expect(heldFor(sandbox, subject)).toEqual([]);
  });
});
