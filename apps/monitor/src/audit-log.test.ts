import postgres from "postgres";
import { expect, inject, it, onTestFinished } from "vitest";
import { parseCliArguments } from "./cli.ts";
import { parseEnvironment } from "./env.ts";
import { monitorEnvironment, runMonitor } from "./monitor.fixture.ts";
import { verifySeals } from "./verify-seals.ts";

// The real program against the real database.

function superuser() {
  const sql = postgres(inject("embedded").superuserUrl, { max: 1 });
  onTestFinished(() => sql.end());
  return sql;
}

it("drops rows past the retention period and logs their counts", async () => {
  const sql = superuser();
  const [old] = await sql`insert into mcp_invocations (user_id, tool, duration_ms, created_at)
    values ('long gone', 'tenants.get', 1, '1900-01-01') returning id`;
  const [intent] = await sql`insert into mcp_intents (user_id, tool, created_at)
    values ('long gone', 'tenants.delete', '1900-01-01') returning id`;
  const result = await runMonitor(["--json"], monitorEnvironment());
  expect(JSON.parse(result.out)).not.toHaveProperty("retention");
  expect(await sql`select from mcp_invocations where id = ${old?.id}`).toHaveLength(1);
  const done = await runMonitor(["--json"], { ...monitorEnvironment(), AUDIT_RETENTION_DAYS: "36500" });
  expect(JSON.parse(done.out)).toMatchObject({ ok: true, retention: "done" });
  expect(done.err).toContain("[AUDIT_EXPIRED]");
  expect(await sql`select from mcp_invocations where id = ${old?.id}`).toHaveLength(0);
  expect(await sql`select from mcp_intents where id = ${intent?.id}`).toHaveLength(0);
});

it("counts completed hours for the analytics", async () => {
  const sql = superuser();
  const tool = `probe.${crypto.randomUUID().slice(0, 8)}`;
  const count = () => sql`select calls::int from call_rollups where tool = ${tool} and resolution = 'hour'`;
  await sql`insert into mcp_invocations (user_id, tool, duration_ms, created_at)
    values ('counted', ${tool}, 1, now() - interval '1 hour')`;
  const done = await runMonitor(["--json"], monitorEnvironment());
  expect(JSON.parse(done.out)).toMatchObject({ ok: true, rollUp: "done" });
  expect(await count()).toEqual([{ calls: 1 }]);
  await runMonitor(["--json"], monitorEnvironment());
  expect(await count()).toEqual([{ calls: 1 }]);
});

it("seals completed hours, logs each seal, and detects later changes", async () => {
  const sql = superuser();
  const environment = { ...monitorEnvironment(), AUDIT_SEAL: "true" };
  await sql`delete from smarteros.audit_seals`;
  const done = await runMonitor(["--json"], environment);
  expect(JSON.parse(done.out)).toMatchObject({ ok: true, seals: "done" });
  const seal = JSON.parse(/\[AUDIT_SEALED\] (.*)/.exec(done.err)?.[1] ?? "null");
  expect(seal).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect((await runMonitor([], environment)).err).not.toContain("AUDIT_SEALED");

  const verify = () => runMonitor(["--verify", "--head", seal.hash], environment);
  expect(await verify()).toMatchObject({ code: 0, out: expect.stringContaining(`head ${seal.hash}`) });

  const [stray] = await sql`insert into mcp_invocations (user_id, tool, duration_ms, recorded_at)
    values ('stray', 'tenants.get', 1, ${seal.hour}) returning id`;
  const added = await verify();
  expect(added.code).toBe(1);
  expect(added.out).toContain(`${seal.hour}  added: there are more rows than were sealed`);
  await sql`delete from mcp_invocations where id = ${stray?.id}`;
  expect((await verify()).code).toBe(0);

  await sql`delete from smarteros.audit_seals`;
  const cut = await verify();
  expect(cut.code).toBe(1);
  expect(cut.out).toContain(`${seal.hash} is no seal: seals were cut off or made anew`);
});

it("verifies all seals in batches up to the last one", async () => {
  const hours = Array.from({ length: 60 }, (_, index) => ({
    hour: new Date(Date.UTC(2026, 0, 1, index)).toISOString(),
    hash: String(index),
    problem: index === 40 ? "changed" : null,
  }));
  const audit = {
    dropExpired: async () => ({ partitions: 0, held: 0, intents: 0, more: false }),
    movePartitions: async () => ({ more: false }),
    seal: async () => [],
    rollUp: async () => ({ more: false }),
    verify: async (after: string | undefined) =>
      hours.filter(({ hour }) => after === undefined || hour > after).slice(0, 24),
  };
  const findings = await verifySeals(audit, "59");
  expect(findings.ok).toBe(false);
  expect(findings.lines).toEqual([
    `${hours[40]?.hour}  changed: a row is not what was sealed`,
    `60 hours sealed, the last ${hours[59]?.hour}, 1 with problems, head 59`,
  ]);
});

it("rejects incomplete CLI arguments and invalid retention days", () => {
  for (const args of [
    ["--head", "a".repeat(64)],
    ["--verify", "--head", "abc"],
    ["--verify", "--every", "5m"],
  ])
    expect(() => parseCliArguments(args), args.join(" ")).toThrow(/--head|--verify/);
  for (const days of ["7", "ninety", "-30", "1e9"]) {
    const settings = parseEnvironment({ ...monitorEnvironment(), AUDIT_RETENTION_DAYS: days });
    expect(settings).toMatchObject({
      ok: false,
      problems: [expect.stringContaining("AUDIT_RETENTION_DAYS")],
    });
  }
});
