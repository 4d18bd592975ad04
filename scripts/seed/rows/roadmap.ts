import assert from "node:assert/strict";
import { resultOf } from "../demo-tenant.ts";
import { type Row, row } from "../row.ts";
import { send, type Target } from "../target.ts";
import { listedTools, place } from "./server.ts";
import { eventsRow, provisioningRows } from "./tools.ts";

const hasTool = (check: string, tool: string): Row =>
  row(check, async (target) => {
    assert.ok(
      (await listedTools(target)).some(({ name }) => name === tool),
      `${tool} is not listed`,
    );
  });

const hasPage = (check: string, page: string): Row =>
  row(check, async ({ url }) => {
    const { status } = await send(url + page);
    assert.ok(status < 400, `${page} responds with ${status}`);
  });

const totals = ({ once, spareUser }: Target) =>
  once("figures of the calls", async () => {
    const summary = resultOf(await spareUser.call("analytics.summary", { range: "24h" }));
    return summary.total as Record<string, unknown>;
  });

export const roadmapRows: Row[] = [
  ...provisioningRows,
  hasTool("roadmap-webhook", "n8n.trigger"),
  hasTool("roadmap-retry", "services.retry"),
  hasPage("roadmap-analytics-page", "/dashboard/analytics"),
  row("roadmap-percentiles", async (target) => {
    const figures = await totals(target);
    for (const name of ["p50", "p95", "p99"]) assert.ok(name in figures, name);
  }),
  row("roadmap-error-rate", async (target) => {
    const { calls, errors } = await totals(target);
    assert.deepEqual([typeof calls, typeof errors], ["number", "number"]);
    const { status } = await send(`${target.url}/dashboard/alerts`);
    assert.ok(status < 400, `/dashboard/alerts responds with ${status}`);
  }),
  row("roadmap-timeline", async ({ spareUser }) => {
    resultOf(await spareUser.call("health.timeline", { days: 1 }));
  }),
  eventsRow,
  place("roadmap-tracing", "packages/observability/src/tracing/index.ts", "apps/web/test/tracing.test.ts"),
  row("roadmap-roles", async (target) => {
    const { status, body } = await target.spareUser.call("services.remove", {
      tenantId: "00000000-0000-4000-8000-000000000000",
      services: ["chatwoot"],
    });
    // An operator lacks the capability; an administrator has it, but no such tenant exists.
    assert.ok(["forbidden", "not_found"].includes(body.error ?? ""), String(status));
  }),
  place("roadmap-retention", "apps/monitor/src/audit-log.ts", "apps/monitor/src/audit-log.test.ts"),
];
