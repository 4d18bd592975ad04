import { expect, test } from "vitest";
import { createCatalog, SmarterosError } from "../packages/core/src/index.ts";
import { parseInput } from "../packages/core/src/input.ts";
import { normalizeArguments } from "../packages/mcp/src/normalize-arguments.ts";
import { createBackendTools, provisioningTools } from "../packages/tools-fastapi/src/index.ts";
import { tenantTools } from "../packages/tools-tenants/src/index.ts";

// Arguments as models and agent frameworks send them, through the MCP adapters' reading and the tools' own schemas.

const catalog = createCatalog<never>([
  ...tenantTools,
  ...provisioningTools,
  ...createBackendTools(),
] as never[]);
const id = "01a22eea-f745-73a5-8d9f-0ac8c19a438a";

function read(tool: string, args: Record<string, unknown>): unknown {
  const listed = catalog.inputSchema(tool) ?? {};
  return parseInput(catalog.find(tool)?.input as never, normalizeArguments(listed, args), () => listed);
}
function refusal(tool: string, args: Record<string, unknown>): string {
  try {
    return `understood as ${JSON.stringify(read(tool, args))}`;
  } catch (thrown) {
    if (SmarterosError.isInstance(thrown)) return thrown.message;
    throw thrown;
  }
}

const page = { limit: 50, includeInactive: false, review: false };
const orders = { tenantId: id, workflow: "orders" };
test.each<[tool: string, args: Record<string, unknown>, meant: Record<string, unknown>]>([
  ["tenants.list", { limit: null, cursor: null, includeInactive: null, search: null }, page],
  ["tenants.list", { cursor: "", search: "" }, page],
  ["tenants.list", { search: "  " }, page],
  ["tenants.list", { limit: "5" }, { ...page, limit: 5 }],
  ["tenants.list", { limit: " 5 " }, { ...page, limit: 5 }],
  ["tenants.list", { limit: "5.0" }, { ...page, limit: 5 }],
  ["tenants.list", { includeInactive: "true" }, { ...page, includeInactive: true }],
  ["tenants.list", { includeInactive: "False" }, page],
  ["tenants.list", { search: 76086428 }, { ...page, search: "76086428" }],
  ["tenants.updateServices", { id, services: '{"crm":true}' }, { id, services: { crm: true } }],
  ["tenants.updateServices", { id, services: ' { "crm" : "true" } ' }, { id, services: { crm: true } }],
  ["tenants.updateServices", { id, services: { crm: "false", bot: null } }, { id, services: { crm: false } }],
  ["tenants.updateServices", { tenantId: id, services: { crm: true } }, { id, services: { crm: true } }],
  [
    "services.provision",
    { tenantId: id, services: '["chatwoot"]' },
    { tenantId: id, services: ["chatwoot"] },
  ],
  ["services.provision", { tenantId: id, services: "chatwoot" }, { tenantId: id, services: ["chatwoot"] }],
  [
    "services.provision",
    { tenantId: id, services: [" chatwoot "] },
    { tenantId: id, services: ["chatwoot"] },
  ],
  [
    "services.provision",
    { tenantId: id, services: ["odoo"], dryRun: "TRUE" },
    { tenantId: id, services: ["odoo"], dryRun: true },
  ],
  ["tenants.create", { rut: "76.086.428–5", businessName: "Los Andes" }, { rut: "76086428-5" }],
  ["tenants.create", { rut: " 76086428−5 ", businessName: "Los Andes", services: "" }, { rut: "76086428-5" }],
  ["tenants.get", { tenantId: id }, { id }],
  ["services.status", { id }, { tenantId: id }],
  ["tenants.get", { id: ` ${id} ` }, { id }],
  ["tenants.get", { id: id.toUpperCase() }, { id: id.toUpperCase() }],
  ["services.status", { tenantId: id.toUpperCase() }, { tenantId: id }],
  [
    "services.adopt",
    { tenantId: id, service: "odoo", externalId: 17 },
    { tenantId: id, service: "odoo", externalId: "17" },
  ],
  [
    "services.adopt",
    { adoptions: { tenantId: id, service: "odoo", externalId: 17 } },
    { adoptions: [{ tenantId: id, service: "odoo", externalId: "17" }] },
  ],
  ["services.retry", { runId: null, filter: '{"vendor":"odoo"}' }, { filter: { vendor: "odoo" } }],
  ["services.retry", { runId: id, filter: null, dryRun: "" }, { runId: id }],
  ["n8n.trigger", { ...orders, payload: '{"a":"1","b":null}' }, { ...orders, payload: { a: "1", b: null } }],
  [
    "n8n.trigger",
    { ...orders, payload: { "": "", list: "[1]" } },
    { ...orders, payload: { "": "", list: "[1]" } },
  ],
  ["fastapi.get", { path: "/health", query: null }, { path: "/health" }],
])("%s %j is understood", (tool, args, meant) => {
  expect(read(tool, args)).toMatchObject(meant);
});

test("a payload is passed on as it is, also within", () => {
  const payload = { a: null, b: "", c: "true", d: "5", e: '{"f":1}' };
  expect(read("n8n.trigger", { ...orders, payload })).toMatchObject({ payload });
});

test.each<[tool: string, args: Record<string, unknown>, field: RegExp]>([
  ["tenants.list", { limit: 1000 }, /^limit: Send a whole number from 1 to 100, such as 1. Received: 1000/],
  ["tenants.list", { limit: "1000" }, /^limit: /],
  ["tenants.list", { limit: "1e1" }, /^limit: /],
  ["tenants.list", { limit: "0x10" }, /^limit: /],
  ["tenants.list", { limit: "Infinity" }, /^limit: /],
  ["tenants.list", { limit: "٥" }, /^limit: /],
  ["tenants.list", { limit: "5.5" }, /^limit: /],
  ["tenants.list", { limit: [5] }, /^limit: /],
  ["tenants.list", { includeInactive: "yes" }, /^includeInactive: /],
  ["tenants.list", { includeInactive: 1 }, /^includeInactive: /],
  ["tenants.list", { include_inactive: true }, /^include_inactive: Unknown key. Its name is includeInactive/],
  ["tenants.list", JSON.parse('{"__proto__":{"limit":5}}'), /^__proto__: Unknown key/],
  ["tenants.list", { constructor: "x" }, /^constructor: Unknown key/],
  ["tenants.create", { rut: 76086428, businessName: "Los Andes" }, /^rut: A RUT is text.*12.345.678-5/],
  ["tenants.create", { rut: "", businessName: "Los Andes" }, /^rut: /],
  ["tenants.create", { rut: null, businessName: "Los Andes" }, /^rut: /],
  ["tenants.get", { id: "null" }, /^id: /],
  ["tenants.get", { id, tenantId: id }, /^tenantId: Unknown key/],
  [
    "tenants.updateServices",
    { id, services: { chatwoot: true } },
    /^services.chatwoot: Unknown key. .*crm, bot, erp, workflows, kpi/,
  ],
  ["tenants.updateServices", { id, services: ["crm"] }, /^services: /],
  ["tenants.updateServices", { id, services: "{crm:true}" }, /^services: /],
  ["tenants.updateServices", { id, services: "[".repeat(10_000) }, /^services: /],
  ["tenants.updateServices", { id, services: '{"crm":'.repeat(10_000) }, /^services: /],
  ["services.provision", { tenantId: id, services: ["crm"] }, /^services.0: /],
  ["services.provision", { tenantId: id, services: "chatwoot,odoo" }, /^services.0: /],
  ["services.provision", { tenantId: id, services: '["chatwoot"' }, /^services: /],
  ["services.provision", { tenantId: id, services: null }, /^services: /],
  ["n8n.trigger", { ...orders, payload: "[1]" }, /^payload: /],
])("%s %j is refused with the name of its field", (tool, args, field) => {
  expect(refusal(tool, args)).toMatch(field);
});

test("what needs no reading is the same object", () => {
  const args = { tenantId: id, services: ["odoo"], dryRun: false };
  expect(normalizeArguments(catalog.inputSchema("services.provision"), args)).toBe(args);
});
