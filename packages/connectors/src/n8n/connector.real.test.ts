import { describe, it } from "vitest";
import { describeConnector } from "../connector.contract.ts";
import { adminApiAt, manualResources } from "../manual-resources.fixture.ts";
import { createN8n } from "./connector.ts";
import { describeTrigger } from "./trigger.contract.ts";

// Runs the contract against a real n8n at N8N_URL, which verifies the sandbox.

const { N8N_URL, N8N_API_KEY } = process.env;
const secret = "of-the-tests-alone-and-32-characters-long";

if (N8N_URL && N8N_API_KEY) {
  const at = { url: N8N_URL, apiKey: N8N_API_KEY };
  let sent = 0;
  const counting: typeof globalThis.fetch = (input, init) => {
    if (init?.method === "POST" && `${input}`.startsWith(`${N8N_URL}/webhook/`)) sent += 1;
    return fetch(input, init);
  };
  // A fresh n8n on a busy machine takes longer than 10 s for its first workflow.
  const n8n = createN8n({ ...at, webhookSecret: secret }, { fetch: counting, timeoutMs: 45_000 });
  const forged = createN8n({ ...at, webhookSecret: `another ${secret}` });
  describeConnector("n8n at N8N_URL", () => n8n, {
    disables: "done",
    unknownId: "tag:nobody",
    manual: manualResources(() => ({ N8N_URL, N8N_API_KEY })).tag,
  });
  describeTrigger("n8n at N8N_URL", () => ({
    url: N8N_URL,
    n8n,
    forged,
    person: adminApiAt(() => ({ N8N_URL, N8N_API_KEY })).n8n,
    sent: () => sent,
  }));
} else {
  describe("connector: n8n at N8N_URL", () => {
    it.skip("fulfils the contract (skipped without N8N_URL and N8N_API_KEY)", () => undefined);
  });
}
