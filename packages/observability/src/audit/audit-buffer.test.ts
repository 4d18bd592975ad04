import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { uuidv7 } from "@smarteros/core";
import { asService, readRows } from "@smarteros/supabase";
import { expect, inject, it, onTestFinished, vi } from "vitest";
import { abandonedFiles } from "../disk-buffer/process-files.ts";
import { freshFolder } from "../folder.fixture.ts";
import { lineCollector } from "../logger.fixture.ts";
import { createAuditBuffer } from "./audit-buffer.ts";
import { exampleRecord } from "./record.fixture.ts";
import { createRecorder } from "./recorder.ts";
import { serviceAuditStore } from "./supabase.ts";

// Real processes, real files and the embedded database, which goes away and comes back.

const { supabaseUrl, secretKey } = inject("embedded");
const client = asService({ url: supabaseUrl }, secretKey);
const writer = fileURLToPath(new URL("audit-buffer-writer.fixture.ts", import.meta.url));
const newUser = () => `user_${uuidv7()}`;
// No one listens on the discard port.
const nowhere = "http://127.0.0.1:9";

function startWriter(folder: string, user: string, url = supabaseUrl) {
  const child = spawn(
    process.execPath,
    [writer, "--folder", folder, "--url", url, "--key", secretKey, "--user", user],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const responded: string[] = [];
  let rest = "";
  child.stdout.on("data", (chunk) => {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    responded.push(...lines);
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = once(child, "close");
  return {
    responded,
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function bench(folder: string, maximumBytes?: number) {
  const { lines, logger } = lineCollector();
  const state = { isDown: false };
  const reach = asService(
    {
      url: supabaseUrl,
      fetch: (input, init) => fetch(state.isDown ? String(input).replace(supabaseUrl, nowhere) : input, init),
    },
    secretKey,
  );
  const store = serviceAuditStore(reach);
  const buffer = createAuditBuffer({ folder, store, logger, ...(maximumBytes ? { maximumBytes } : {}) });
  const recorder = createRecorder({ logger, lifetime: "long", buffer });
  const append = (user: string, changes = {}) =>
    recorder.append?.(exampleRecord({ userId: user, ...changes }), store);
  const logged = (event: string) => lines.filter((line) => line.startsWith(`[${event}]`));
  return { recorder, buffer, store, state, append, logged };
}

async function storedIds(user: string): Promise<string[]> {
  const rows = await readRows<{ id: string }>((last, limit) => {
    const calls = client.from("mcp_invocations").select("id").eq("user_id", user).order("id").limit(limit);
    return last ? calls.gt("id", last.id) : calls;
  });
  return rows.map(({ id }) => id);
}

it("loses no call with a response over kill -9 at 500 calls a second, and stores each once", async () => {
  const folder = freshFolder();
  const user = newUser();
  const responded: string[] = [];
  for (let life = 0; life < 5; life++) {
    const host = startWriter(folder, user);
    await vi.waitFor(() => expect(host.responded.length).toBeGreaterThan(100), 20_000);
    await sleep(Math.random() * 200);
    await host.kill();
    responded.push(...host.responded);
  }
  await bench(folder).recorder.flush();
  const stored = await storedIds(user);
  expect(responded.filter((id) => !stored.includes(id))).toEqual([]);
  expect(new Set(stored).size).toBe(stored.length);
  expect(readdirSync(folder)).toEqual([]);
});

it("buffers rows while the database is away, logs that once, and stores them when it is back", async () => {
  const folder = freshFolder();
  const user = newUser();
  const { append, state, buffer, logged, recorder } = bench(folder);
  state.isDown = true;
  for (let second = 0; second < 20; second++) {
    for (let call = 0; call < 50; call++) append(user);
    await sleep(100);
  }
  expect(buffer.backlog()).toBe(1_000);
  expect(readdirSync(folder).length).toBeLessThan(4);
  expect(await storedIds(user)).toEqual([]);
  expect(logged("MCP_AUDIT_WAITING")).toHaveLength(1);
  expect(logged("MCP_AUDIT_WAITING")[0]).toContain('"reason":"unavailable"');
  state.isDown = false;
  await vi.waitFor(() => expect(buffer.backlog()).toBe(0), 15_000);
  expect(await storedIds(user)).toHaveLength(1_000);
  expect(logged("MCP_AUDIT_CAUGHT_UP")).toHaveLength(1);
  expect(recorder.state()).toEqual({ backlog: 0, dropped: 0 });
});

it("drops rows beyond the maximum, and counts and logs them", async () => {
  const folder = freshFolder();
  const user = newUser();
  const { append, state, logged, recorder } = bench(folder, 4_000);
  state.isDown = true;
  for (let call = 0; call < 20; call++) append(user);
  const { backlog, dropped } = recorder.state();
  expect(backlog).toBeGreaterThan(2);
  expect(backlog + dropped).toBe(20);
  expect(logged("MCP_AUDIT_DROPPED")).toEqual(['[MCP_AUDIT_DROPPED] {"rows":1,"total":1,"reason":"full"}']);
  const bytes = readdirSync(folder).map((name) => statSync(path.join(folder, name)).size);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(4_000);
  state.isDown = false;
  await vi.waitFor(() => expect(recorder.state()).toEqual({ backlog: 0, dropped }), 15_000);
  expect(await storedIds(user)).toHaveLength(backlog);
});

it("resolves a change when its row is stored, and while the database is away when it is on disk", async () => {
  const user = newUser();
  const { recorder, store, state } = bench(freshFolder());
  const [first, second] = [exampleRecord({ userId: user }), exampleRecord({ userId: user })];
  await recorder.record(first, store);
  expect(await storedIds(user)).toEqual([first.id]);
  state.isDown = true;
  await recorder.record(second, store);
  expect(recorder.state()).toEqual({ backlog: 1, dropped: 0 });
  state.isDown = false;
  await vi.waitFor(async () => expect(await storedIds(user)).toEqual([first.id, second.id].sort()), 15_000);
});

it("stores all rows but the one that the database refuses", async () => {
  const user = newUser();
  const { append, recorder, logged } = bench(freshFolder());
  append(user);
  append(user, { durationMs: -1 });
  append(user);
  await recorder.flush();
  expect(await storedIds(user)).toHaveLength(2);
  expect(logged("MCP_AUDIT_LOST")).toHaveLength(1);
  expect(recorder.state()).toEqual({ backlog: 0, dropped: 1 });
});

it("skips a line that a crash tore, and takes over no file of a running process", async () => {
  const folder = freshFolder();
  const user = newUser();
  const host = startWriter(folder, user, nowhere);
  await vi.waitFor(() => expect(host.responded.length).toBeGreaterThan(20), 20_000);
  expect(abandonedFiles(folder)).toEqual([]);
  await host.kill();
  const [file = ""] = abandonedFiles(folder);
  writeFileSync(file, `${readFileSync(file, "utf8")}{"id":"torn`);
  const { recorder, logged } = bench(folder);
  await recorder.flush();
  const stored = await storedIds(user);
  expect(host.responded.filter((id) => !stored.includes(id))).toEqual([]);
  expect(logged("MCP_AUDIT_REPLAYED").length).toBeGreaterThan(0);
  expect(logged("MCP_AUDIT_DROPPED")).toEqual([
    '[MCP_AUDIT_DROPPED] {"rows":1,"total":1,"reason":"unreadable"}',
  ]);
  expect(readdirSync(folder)).toEqual([]);
});

it("stores rows without the disk where its folder is gone", async () => {
  const folder = freshFolder();
  const user = newUser();
  const { append, recorder, store } = bench(folder);
  rmSync(folder, { recursive: true });
  append(user);
  await recorder.record(exampleRecord({ userId: user }), store);
  await vi.waitFor(async () => expect(await storedIds(user)).toHaveLength(2), 5_000);
  expect(recorder.state().dropped).toBe(0);
});

it("writes files of mode 0600 without secrets", async () => {
  const folder = freshFolder();
  const { append, state, recorder } = bench(folder);
  state.isDown = true;
  append(newUser(), { result: { note: `Bearer ${"a1".repeat(20)}` } });
  const [name = ""] = readdirSync(folder);
  const text = readFileSync(path.join(folder, name), "utf8");
  expect(text).toContain("[redacted]");
  expect(text).not.toMatch(/hunter2|a1a1/);
  expect(statSync(path.join(folder, name)).mode & 0o777).toBe(0o600);
  state.isDown = false;
  await recorder.flush();
});
