import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it, vi } from "vitest";
import {
  answer,
  farSide,
  freshFolder,
  goodPing,
  late,
  logOf,
  monitorEnvironment,
  runMonitor,
  startMonitor,
  storedRows,
  supabaseWire,
} from "./monitor.fixture.ts";
import { exampleRow, exampleRows } from "./row.fixture.ts";

// The real program against a real database that fails and recovers.

type Line = { id: string; service: string };
const bufferedIn = (file: string): Line[] =>
  existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];

async function behindWire() {
  const folder = freshFolder();
  const file = path.join(folder, "buffer.ndjson");
  const wire = await supabaseWire();
  return {
    folder,
    file,
    wire,
    environment: { ...monitorEnvironment(file), NEXT_PUBLIC_SUPABASE_URL: wire.url },
  };
}

it("stores a row for each service in one pass and leaves no file behind", async () => {
  const { folder, environment } = await behindWire();
  const web = await farSide(goodPing);
  const backend = await farSide(answer(200, "{}"));
  const before = new Set((await storedRows()).map(({ id }) => id));
  const done = await runMonitor(["--once", "--json"], {
    ...environment,
    WEB_URL: web.url,
    FASTAPI_URL: backend.url,
  });
  expect([done.code, logOf(done)]).toEqual([0, ""]);
  expect(JSON.parse(done.out)).toMatchObject({ ok: true, stored: true, partitions: "ensured" });
  const rows = (await storedRows()).filter(({ id }) => !before.has(id));
  expect(rows.map(({ service, status }) => `${service} ${status}`)).toEqual([
    "web ok",
    "supabase ok",
    "backend ok",
    "backend.validate ok",
  ]);
  expect(rows[0]).toMatchObject({ error_message: null, metadata: { httpStatus: 200, version: "0.2.0" } });
  expect(readdirSync(folder)).toEqual([]);
});

it("buffers rows while the database is down and stores each once, in order, when it is up again", async () => {
  const { folder, file, wire, environment } = await behindWire();
  await wire.cut();
  for (const pass of [1, 2, 3]) {
    const done = await runMonitor([], environment);
    expect(done.code).toBe(1);
    expect(done.err).toContain('[MONITOR_NOT_STORED] {"reason":"unavailable');
    expect(bufferedIn(file)).toHaveLength(pass);
  }
  expect(readdirSync(folder)).toEqual(["buffer.ndjson"]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const ids = bufferedIn(file).map(({ id }) => id);
  await wire.restore();
  const done = await runMonitor([], environment);
  expect(done).toMatchObject({ code: 0, err: expect.stringContaining('[MONITOR_BUFFER_STORED] {"rows":3}') });
  expect((await storedRows(ids)).map(({ id, status }) => [id, status])).toEqual(
    ids.map((id) => [id, "error"]),
  );
  expect(readdirSync(folder)).toEqual([]);
});

it("buffers rows when the database accepts the connection and never responds", async () => {
  const { file, wire, environment } = await behindWire();
  wire.mute();
  const done = await runMonitor([], environment);
  expect(done.code).toBe(1);
  expect(bufferedIn(file)).toEqual([expect.objectContaining({ error_message: "timeout" })]);
});

it("stores no row twice and loses none when killed while draining the disk buffer", async () => {
  const { folder, file, wire, environment } = await behindWire();
  const rows = exampleRows(1_200);
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join("\n"));
  // The first of three batches arrives; then the database stops responding and the monitor is killed.
  let batches = 0;
  wire.watch((chunk) => {
    if (chunk.includes("POST /rest/v1/external_health") && ++batches === 2) wire.mute();
  });
  const killed = startMonitor([], environment);
  await vi.waitFor(() => expect(batches).toBe(2), 20_000);
  killed.kill("SIGKILL");
  expect((await killed.ended).code).toBe("SIGKILL");
  const ids = rows.map(({ id }) => id);
  expect((await storedRows(ids)).length).toBeLessThan(1_200);

  // The state after a crash a little later: the file is moved aside and the new one ends in a truncated line.
  const younger = exampleRows(3);
  writeFileSync(`${file}.claimed-0`, readFileSync(file));
  writeFileSync(file, `${younger.map((row) => JSON.stringify(row)).join("\n")}\n{"id":"torn`);
  await wire.cut();
  await wire.restore();
  wire.watch(() => undefined);
  const done = await runMonitor([], environment);
  expect(done.code).toBe(0);
  expect(done.err).toContain('[MONITOR_BUFFER_STORED] {"rows":1203}');
  expect(done.err).toContain('[MONITOR_ROWS_LOST] {"rows":1,"reason":"not readable in the disk buffer"}');
  const all = [...ids, ...younger.map(({ id }) => id)];
  expect((await storedRows(all)).map(({ id }) => id)).toEqual(all);
  expect(readdirSync(folder)).toEqual([]);
});

it("stores every row once when five monitors share one disk buffer", async () => {
  const { folder, file, wire, environment } = await behindWire();
  await wire.cut();
  const down = await Promise.all(Array.from({ length: 5 }, () => runMonitor([], environment)));
  expect(down.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1]);
  const own = bufferedIn(file).map(({ id }) => id);
  expect(own).toHaveLength(5);
  const rows = exampleRows(2_000);
  writeFileSync(file, `${readFileSync(file, "utf8")}${rows.map((row) => JSON.stringify(row)).join("\n")}\n`);
  await wire.restore();
  const up = await Promise.all(Array.from({ length: 5 }, () => runMonitor([], environment)));
  expect(up.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  const ids = [...own, ...rows.map(({ id }) => id)];
  expect((await storedRows(ids)).map(({ id }) => id).sort()).toEqual(ids.sort());
  expect(readdirSync(folder)).toEqual([]);
});

it("logs lost rows when it can neither store nor buffer them", async () => {
  const { folder, wire, environment } = await behindWire();
  await wire.cut();
  const web = await farSide(late(500, goodPing));
  const monitor = startMonitor([], { ...environment, WEB_URL: web.url });
  await vi.waitFor(() => expect(web.seen).toHaveLength(1), 20_000);
  rmSync(folder, { recursive: true });
  const done = await monitor.ended;
  expect(done.code).toBe(1);
  expect(done.err).toContain(
    '[MONITOR_ROWS_LOST] {"rows":2,"reason":"the disk buffer cannot be written (ENOENT)"}',
  );
});

it("buffers rows that the database denies and prints no key", async () => {
  const { file, environment } = await behindWire();
  const key = "sb_secret_nobody-knows-this-one";
  const done = await runMonitor([], { ...environment, SUPABASE_SERVICE_ROLE_KEY: key });
  expect(done.code).toBe(1);
  expect(done.err).toContain("MONITOR_NOT_STORED");
  expect(bufferedIn(file)).toEqual([
    expect.objectContaining({ status: "error", error_message: "status 401" }),
  ]);
  expect(done.out + done.err + readFileSync(file, "utf8")).not.toContain("nobody-knows");
});

it("stores the other rows when the table rejects one", async () => {
  const { folder, file, environment } = await behindWire();
  const rows = exampleRows(7);
  // Valid in JSON, but PostgreSQL's text cannot store this character.
  const impossible = { ...exampleRow(), service: "a\u0000b" };
  const lines = [...rows.slice(0, 4), impossible, ...rows.slice(4)].map((row) => JSON.stringify(row));
  writeFileSync(file, lines.join("\n"));
  const done = await runMonitor([], environment);
  expect(done.err).toContain('[MONITOR_ROWS_LOST] {"rows":1,"reason":"the table refuses it"}');
  const ids = rows.map(({ id }) => id);
  expect((await storedRows(ids)).map(({ id }) => id)).toEqual(ids);
  expect(readdirSync(folder)).toEqual([]);
});

it("reports a pass as not ok when partitions cannot be created", async () => {
  const { wire, environment } = await behindWire();
  wire.watch((chunk) => {
    if (chunk.includes("rpc/ensure_partitions")) wire.cut();
  });
  const done = await runMonitor(["--json"], environment);
  expect(done).toMatchObject({ code: 1, err: expect.stringContaining("[MONITOR_PARTITIONS_FAILED]") });
  expect(JSON.parse(done.out)).toMatchObject({ ok: false, stored: true, partitions: "failed" });
});
