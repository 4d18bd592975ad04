import { connectorSettings, createConnectors, resourceId } from "@smarteros/connectors";
import { startSandbox } from "@smarteros/connectors/sandbox";
import { expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { compareService } from "./drift.ts";
import type { ProvisionedTenant } from "./ports.ts";

test("an inbox with the name of an earlier release is not renamed; one with another name is", async () => {
  const sandbox = await startSandbox("chatwoot");
  onTestFinished(() => sandbox.stop());
  // A version that accepted such names.
  sandbox.conditions.any_name = true;
  const { configured } = createConnectors(z.object(connectorSettings).parse(sandbox.settings));
  const { chatwoot } = configured;
  if (!chatwoot) throw new Error("Chatwoot is not configured.");
  const kindFor = async (name: string) => {
    const id = crypto.randomUUID();
    const attributes = { smarteros_tenant_id: id };
    const response = await fetch(`${sandbox.url}/api/v1/accounts/1/inboxes`, {
      method: "POST",
      headers: { api_access_token: `${sandbox.settings.CHATWOOT_API_TOKEN}` },
      body: JSON.stringify({ name, channel: { type: "api", additional_attributes: attributes } }),
    });
    const recorded = resourceId.chatwoot.parse(((await response.json()) as { id: number }).id);
    const tenant: ProvisionedTenant = {
      id,
      businessName: "Los Andes SpA",
      rut: "76086428-5",
      active: true,
      deletedAt: null,
      wanted: { chatwoot: true, botpress: false, odoo: false, n8n: false, metabase: false },
      externalIds: { chatwoot: recorded, botpress: null, odoo: null, n8n: null, metabase: null },
      held: [],
    };
    const service = {
      vendor: "chatwoot",
      state: "active",
      errorKind: null,
      requested: false,
      halfMade: false,
      undoFailed: null,
    } as const;
    return (await compareService(chatwoot, tenant, service, AbortSignal.timeout(10_000)))?.kind;
  };
  expect(await kindFor("Los Andes SpA 76086428-5")).toBeUndefined();
  expect(await kindFor("Los Andes SpA (76086428-5)")).toBeUndefined();
  expect(await kindFor("Ventas")).toBe("renamed");
});
