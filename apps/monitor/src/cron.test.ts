import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import {
  farSide,
  freshFolder,
  goodPing,
  logOf,
  monitorEnvironment,
  startProgram,
} from "./monitor.fixture.ts";

// The seed's cron line: cd /path/to/app && pnpm tsx scripts/monitor-backend.ts

const root = fileURLToPath(new URL("../../..", import.meta.url));
/** The requests of one pass: the probe, and the count of lost audit records. */
const requested = ["GET /api/health", "GET /api/mcp/ping"];
const linesTo = ({ seen }: { seen: { line: string }[] }) => seen.map(({ line }) => line).sort();
const bare = { PATH: process.env.PATH ?? "", HOME: tmpdir() };

it("runs one pass with the seed's cron line", async () => {
  const web = await farSide(goodPing);
  const environment = { ...bare, ...monitorEnvironment(), WEB_URL: web.url };
  const done = await startProgram(["pnpm", "tsx", "scripts/monitor-backend.ts"], environment, root).ended;
  expect(done.out).toMatch(/^web +ok +\d+ ms\nsupabase +ok +\d+ ms$/m);
  expect(done.code).toBe(0);
  expect(linesTo(web)).toEqual(requested);
});

it("exits with 1 when a probe fails and with 2 for invalid settings", async () => {
  const web = await farSide((request) => request.socket.destroy());
  const run = (environment: Record<string, string>) =>
    startProgram(["pnpm", "tsx", "scripts/monitor-backend.ts"], { ...bare, ...environment }, root).ended;
  expect((await run({ ...monitorEnvironment(), WEB_URL: web.url })).code).toBe(1);
  expect((await run({ ...monitorEnvironment(), WEB_URL: "nonsense" })).code).toBe(2);
});

it("reads settings from .env when the environment lacks them; the environment takes precedence", async () => {
  const folder = freshFolder();
  const [wrong, right] = [await farSide(goodPing), await farSide(goodPing)];
  const settings = Object.entries({ ...monitorEnvironment(), WEB_URL: wrong.url });
  writeFileSync(path.join(folder, ".env"), settings.map(([name, value]) => `${name}=${value}\n`).join(""));
  const tsx = path.join(root, "node_modules/.bin/tsx");
  const command = [tsx, path.join(root, "scripts/monitor-backend.ts"), "--json"];
  const done = await startProgram(command, { ...bare, WEB_URL: right.url }, folder).ended;
  expect([done.code, logOf(done)]).toEqual([0, ""]);
  expect(JSON.parse(done.out).ok).toBe(true);
  expect([linesTo(wrong), linesTo(right)]).toEqual([[], requested]);
});
