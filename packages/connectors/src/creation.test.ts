import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Connector } from "./connector.ts";
import { ConnectorError } from "./connector-error.ts";
import {
  connectorsFor,
  ensureOnce,
  heldFor,
  never,
  newSubject,
  startAll,
  whole,
} from "./connectors.fixture.ts";
import { n8nFake } from "./n8n/sandbox.ts";
import type { FaultInput, Sandbox } from "./sandbox/index.ts";
import { startSandbox } from "./sandbox/server.ts";
import { vendors } from "./vendors.ts";

// A creation that fails at any of its calls, in any way, is completed by a repetition, without a duplicate.

type Place = { connector: Connector; sandbox: Sandbox; held: string[] };

let all: Awaited<ReturnType<typeof startAll>>;
let licensed: Sandbox;
beforeAll(async () => {
  all = await startAll();
  licensed = await startSandbox({ ...n8nFake, conditions: { ...n8nFake.conditions, licensed: true } });
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
    { fault: "reset" },
    { fault: "error" },
    { fault: "malformed" },
    { fault: "rate_limited", retryAfterSeconds: 30 },
  ])("with $fault at each call leaves exactly one resource after a repetition", async (fault) => {
    const { connector, sandbox, held } = place();
    await ensureOnce(connector, newSubject(), signal);
    const calls = sandbox.calls().length;
    expect(calls).toBeGreaterThan(2);
    let failures = 0;
    for (let skip = 0; skip < calls; skip++) {
      const subject = newSubject();
      sandbox.faults.clear();
      sandbox.faults.add({ ...fault, skip });
      const thrown = await ensureOnce(connector, subject, signal).catch((reason) => reason);
      if (ConnectorError.isInstance(thrown)) failures++;
      sandbox.faults.clear();
      const ensured = await ensureOnce(connector, subject, signal);
      expect(heldFor(sandbox, subject), `after a ${fault.fault} at call ${skip + 1}`).toEqual(held);
      expect(ensured).toMatchObject({
        duplicates: [],
        resource: { state: "active", tenantId: subject.tenantId },
      });
      expect(await ensureOnce(connector, subject, signal)).toMatchObject({
        action: "found",
        created: undefined,
      });
    }
    expect(failures).toBeGreaterThan(0);
  });

  it("with a persistent fault is not reported as existing", async () => {
    const { connector, sandbox } = place();
    const subject = newSubject();
    sandbox.faults.add({ fault: "error", times: null });
    await expect(ensureOnce(connector, subject, signal)).rejects.toMatchObject({ kind: "unavailable" });
    expect(heldFor(sandbox, subject)).toEqual([]);
  });
});
