import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeConnector } from "./connector.contract.ts";
import { connectorsFor, ensureOnce, never, newSubject, startAll } from "./connectors.fixture.ts";
import { adminApiAt, manualResources } from "./manual-resources.fixture.ts";
import { n8nFake } from "./n8n/sandbox.ts";
import { describeTrigger } from "./n8n/trigger.contract.ts";
import { type Sandbox, startSandbox } from "./sandbox/server.ts";

let all: Awaited<ReturnType<typeof startAll>>;
let licensed: Sandbox;
beforeAll(async () => {
  all = await startAll();
  licensed = await startSandbox(n8nFake);
  licensed.conditions.licensed = true;
  all.vendors.botpress.conditions.small_pages = true;
  all.vendors.botpress.conditions.loose_tag_filter = true;
});
afterAll(() => Promise.all([all.stop(), licensed.stop()]));

const perWorkspace = () =>
  connectorsFor({ ...all.settings, BOTPRESS_PER_TENANT: "workspace", BOTPRESS_WORKSPACE_ID: undefined });

const manual = manualResources(() => all.settings);

describeConnector("Chatwoot", () => all.connectors.chatwoot, {
  disables: "unsupported",
  unknownId: 999_999,
  manual: manual.chatwoot,
});
describeConnector("Botpress, a bot each", () => all.connectors.botpress, {
  disables: "unsupported",
  unknownId: "bot:b0b0b0b0-0000-4000-8000-000000000000",
  manual: manual.bot,
});
describeConnector("Botpress, a workspace each", () => perWorkspace().botpress, {
  disables: "unsupported",
  unknownId: "workspace:wkspace_01",
  manual: manual.workspace,
});
describeConnector("Odoo", () => all.connectors.odoo, {
  disables: "done",
  uniqueNames: true,
  unknownId: 999_999,
  manual: manual.odoo,
});
describeConnector("n8n, community", () => all.connectors.n8n, {
  disables: "done",
  unknownId: "tag:nobody",
  manual: manual.tag,
});
describeConnector("n8n, licensed", () => connectorsFor({ ...all.settings, ...licensed.settings }).n8n, {
  disables: "done",
  unknownId: "project:nobody",
  manual: manualResources(() => licensed.settings).project,
});
describeConnector("Metabase", () => all.connectors.metabase, {
  disables: "done",
  unknownId: 999_999,
  manual: manual.metabase,
});

const forgedSecret = "another secret of 32 characters and more";
describeTrigger("n8n", () => {
  const { url, calls } = all.vendors.n8n;
  return {
    url,
    n8n: all.connectors.n8n,
    forged: connectorsFor({ ...all.settings, N8N_WEBHOOK_SECRET: forgedSecret }).n8n,
    person: adminApiAt(() => all.settings).n8n,
    sent: () =>
      calls().filter(({ method, path }) => method === "POST" && path.startsWith("/webhook/")).length,
  };
});

describe("created ids", () => {
  it("match the schema of recorded ids", async () => {
    const subject = newSubject();
    const ids = await Promise.all(
      Object.values(all.connectors).map(async (connector) => {
        const { resource } = await ensureOnce(connector as never, subject, never());
        return (resource as { id: unknown }).id;
      }),
    );
    expect(ids).toEqual([
      expect.any(Number),
      expect.stringMatching(/^bot:[!-~]+$/),
      expect.any(Number),
      expect.stringMatching(/^tag:[!-~]+$/),
      expect.any(Number),
    ]);
  });
});
