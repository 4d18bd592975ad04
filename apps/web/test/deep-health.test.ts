import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from "vitest";
import { controlledServer, passOn } from "./controlled-server.ts";
import { clerkEnvironment, localEnvironment } from "./environments.ts";
import { newAddress, send } from "./http-client.ts";
import { newUser, sessionToken, tokenOf } from "./tokens.ts";
import { startWeb, type WebServer } from "./web-server.ts";

// The doctor in the running web app, on settings that are right but for what each test names.

type Found = { code: string; severity: string; what: string; remedy: string };
type Body = { ok: boolean; deep?: { errors: number; checks: { title: string; findings: Found[] }[] } };

const embedded = inject("embedded");
const deepPath = "/api/health?deep=1";

let supabase: Awaited<ReturnType<typeof controlledServer>>;
let clerk: WebServer;
let local: WebServer;
beforeAll(async () => {
  supabase = await controlledServer(passOn(embedded.supabaseUrl));
  [clerk, local] = await Promise.all([
    startWeb((origin) => ({
      ...clerkEnvironment(embedded, origin),
      CLERK_AUTHORIZED_PARTIES: `${origin},https://app.smarterbot.test`,
      NEXT_PUBLIC_SUPABASE_URL: supabase.url,
      FASTAPI_URL: supabase.url,
    })),
    startWeb((origin) => ({
      ...localEnvironment(embedded, origin),
      // The second one is where the embedded identity makes its tokens for.
      CLERK_AUTHORIZED_PARTIES: `${origin},http://127.0.0.1:3000`,
    })),
  ]);
});
afterAll(() => Promise.all([clerk?.stop(), local?.stop(), supabase?.stop()]));

async function health(web: WebServer, token?: string, fields: Record<string, string> = {}) {
  const headers = { ...fields, ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const { status, text, body } = await send(web, deepPath, { headers });
  const deep = (body as unknown as Body).deep;
  return {
    status,
    text,
    deep,
    codes: deep?.checks.flatMap(({ findings }) => findings.map(({ code }) => code)),
  };
}

test("an administrator reads the report, another caller the plain health", async () => {
  const { status, text, deep, codes } = await health(local, await tokenOf(local, newUser(), "admin"));
  expect(status).toBe(200);
  expect(deep?.checks.length).toBeGreaterThan(10);
  // Whether a monitor or a worker was seen depends on the files that share this project; what else is said is a note.
  const others = codes?.filter((code) => !["monitor_silent", "worker_missing"].includes(code));
  expect(others?.sort()).toEqual(["database_not_checked", "signing_key_missing"]);
  for (const value of [embedded.secretKey, embedded.publishableKey, embedded.supabaseUrl])
    expect(text).not.toContain(value);

  for (const role of [undefined, "viewer", "operator", "auditor", "support", "root"])
    expect((await health(local, await tokenOf(local, newUser(), role))).deep, role).toBeUndefined();
  for (const token of [undefined, "a.b.c", embedded.secretKey])
    expect((await health(local, token)).deep).toBeUndefined();
});

test("the caller's own token is tried, and what is broken does not change the status", async () => {
  const token = await sessionToken(clerk, { claims: { metadata: { role: "admin" }, role: undefined } });
  const { deep, codes } = await health(clerk, token, {
    "X-Forwarded-Host": "other.smarterbot.test",
    "X-Forwarded-Proto": "https",
  });
  expect(deep?.errors).toBeGreaterThan(1);
  expect(codes).toEqual(
    expect.arrayContaining([
      "session_role_missing",
      "own_origin_missing",
      "default_role_open",
      "service_key_missing",
      "backend_failing",
    ]),
  );
});

test("ten who ask at once cost one run, and its report is cached", async () => {
  const token = await tokenOf(local, newUser(), "admin");
  const first = await health(local, token);
  const others = await Promise.all(Array.from({ length: 10 }, () => health(local, token)));
  for (const { deep } of others) expect(deep).toEqual(first.deep);

  const admin = await tokenOf(clerk, newUser(), "admin");
  const pings = async () => {
    supabase.become(passOn(embedded.supabaseUrl));
    await Promise.all(Array.from({ length: 10 }, () => health(clerk, admin)));
    return supabase.seen.filter((line) => line === "POST /rest/v1/rpc/ping").length;
  };
  // Until the report of another test is not cached any more. Then: one by the plain health, two by the doctor.
  let asked = 0;
  await expect.poll(async () => (asked = await pings()), { interval: 1_000 }).toBeGreaterThan(1);
  expect(asked).toBeLessThanOrEqual(3);
});

test("an address that asks more than 30 times a minute reads the plain health", async () => {
  const token = await tokenOf(local, newUser(), "admin");
  const fields = { "X-Forwarded-For": newAddress() };
  const asked = await Promise.all(Array.from({ length: 31 }, () => health(local, token, fields)));
  expect(asked.filter(({ deep }) => deep)).toHaveLength(30);
  expect(asked.every(({ status }) => status === 200)).toBe(true);
});

test("npm run doctor shows the report of a running npm start", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "smarteros-running-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const run = async () => {
    const main = path.join(import.meta.dirname, "../../doctor/src/main.ts");
    const env = { PATH: process.env.PATH, NODE_ENV: "production" as const, SMARTEROS_DATA_DIR: folder };
    return promisify(execFile)(process.execPath, [main], { env, encoding: "utf8" }).then(
      ({ stdout }) => ({ exitCode: 0, stdout }),
      ({ code, stdout }) => ({ exitCode: code, stdout }),
    );
  };
  expect((await run()).exitCode).toBe(2);
  const running = { pid: process.pid, restUrl: embedded.supabaseUrl, webUrl: local.url };
  writeFileSync(path.join(folder, "running.json"), JSON.stringify(running));
  const { exitCode, stdout } = await run();
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/✔ Supabase accepts the service role key\n[\s\S]*✔ Session tokens\n/);
  expect(stdout).toContain("0 errors");
});
