import { expect, it, onTestFinished } from "vitest";
import { connectorsFor, ensureOnce, heldFor, never, newSubject, whole } from "../connectors.fixture.ts";
import { type Vendor, vendors } from "../vendors.ts";
import { type SandboxStore, sandboxSettings, startSandbox, startSandboxes } from "./index.ts";

function memory(): SandboxStore & { texts: Map<Vendor, string> } {
  const texts = new Map<Vendor, string>();
  return { texts, load: (vendor) => texts.get(vendor), save: (vendor, text) => void texts.set(vendor, text) };
}

async function start(store: SandboxStore) {
  const sandboxes = await startSandboxes({ store });
  onTestFinished(() => sandboxes.stop());
  return { ...sandboxes, connectors: connectorsFor(sandboxes.settings) };
}

it("resources, conditions and faults of a sandbox persist over a restart", async () => {
  const store = memory();
  const subject = newSubject();
  const first = await start(store);
  const before = [];
  for (const vendor of vendors) before.push(await ensureOnce(first.connectors[vendor], subject, never()));
  const change = (vendor: Vendor, path: string, method: string, body: object) =>
    fetch(`${first.vendors[vendor].url}/__sandbox${path}`, { method, body: JSON.stringify(body) });
  await change("n8n", "/conditions", "PUT", { licensed: true });
  await change("odoo", "/faults", "POST", { fault: "error", path: "/create", times: null });
  await first.stop();

  const second = await start(store);
  for (const [index, vendor] of vendors.entries()) {
    expect(heldFor(second.vendors[vendor], subject)).toEqual(whole[vendor]);
    const { resource, action } = await ensureOnce(second.connectors[vendor], subject, never());
    expect({ id: resource.id, action }).toEqual({ id: before[index]?.resource.id, action: "found" });
  }
  expect(second.vendors.n8n.conditions.licensed).toBe(true);
  await expect(ensureOnce(second.connectors.odoo, newSubject(), never())).rejects.toMatchObject({
    status: 500,
  });
  // A new resource gets a new id.
  const next = await ensureOnce(second.connectors.chatwoot, newSubject(), never());
  expect(next.resource.id).not.toBe(before[0]?.resource.id);
});

it("a change is saved soon without a stop, and so is a reset", async () => {
  const store = memory();
  const { connectors, vendors: running } = await start(store);
  const subject = newSubject();
  await ensureOnce(connectors.chatwoot, subject, never());
  await expect.poll(() => store.texts.get("chatwoot")).toContain(subject.tenantId);
  running.chatwoot.reset();
  await expect.poll(() => store.texts.get("chatwoot")).not.toContain(subject.tenantId);
  // Reading changes nothing.
  await connectors.metabase.find(subject, never());
  expect(store.texts.has("metabase")).toBe(false);
});

it("an unreadable state is reported without its content", async () => {
  const store = memory();
  for (const text of ["{", '{"state":{"inboxes":[{"hmacToken":"hunter2"}]}}']) {
    store.texts.set("chatwoot", text);
    const failure = await startSandbox("chatwoot", { store }).catch((thrown: Error) => thrown.message);
    expect(failure).toMatch(/sandbox of chatwoot .* cannot be read/);
    expect(failure).not.toContain("hunter2");
  }
});

it("onCall runs when a call arrives and when it took effect, and the call waits for it", async () => {
  const reported: string[] = [];
  const sandbox = await startSandbox("chatwoot", {
    async onCall({ vendor, method, path, phase }) {
      if (method !== "POST") return;
      await Promise.resolve();
      reported.push(`${vendor} ${path} ${phase} ${sandbox.resources().length}`);
    },
  });
  onTestFinished(() => sandbox.stop());
  const { chatwoot } = connectorsFor({ ...settingsOfOthers(), ...sandbox.settings });
  const subject = newSubject();
  await ensureOnce(chatwoot, subject, never());
  const path = "/api/v1/accounts/1/inboxes";
  expect(reported).toEqual([`chatwoot ${path} arrived 0`, `chatwoot ${path} took effect 1`]);
});

const settingsOfOthers = () =>
  Object.assign({}, ...vendors.map((vendor) => sandboxSettings(vendor, "http://127.0.0.1:9")));
