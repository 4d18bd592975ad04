import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { runDoctor } from "../apps/doctor/src/cli.ts";
import { findingTable } from "../packages/observability/src/doctor/index.ts";
import { type Case, cases, others } from "./doctor/cases.ts";
import { type Deployment, startDeployment } from "./doctor/deployment.ts";

// Runs the doctor on a real deployment: embedded Supabase behind a gateway, our backend, and loopback servers for the
// rest.

type Environment = Record<string, string>;
type Found = { code: string; severity: string; what: string; remedy: string };

const { postgresUrl, secretKey, publishableKey } = inject("embedded");
const root = path.join(import.meta.dirname, "..");
let deployment: Deployment;
beforeAll(async () => {
  deployment = await startDeployment();
});
afterAll(() => deployment.stop());

async function doctor(set: Environment = {}, args: string[] = []) {
  const given = { SMARTEROS_ACCESS_TOKEN: await deployment.tokenWith({}), ...deployment.environment, ...set };
  const lines: string[] = [];
  const exitCode = await runDoctor(args, {
    environment: given,
    fetch: deployment.fetch,
    timeoutMs: 30_000,
    write: (line) => lines.push(line),
  });
  return { exitCode, text: lines.join("\n"), given };
}

async function findings(set: Environment = {}): Promise<Found[]> {
  const { text } = await doctor(set, ["--json"]);
  return JSON.parse(text).checks.flatMap(({ findings }: { findings: Found[] }) => findings);
}

test("a correct deployment has no finding, and a line for each check", async () => {
  await expect.poll(() => findings()).toEqual([]);
  const { exitCode, text } = await doctor();
  expect(exitCode).toBe(0);
  expect(text).toMatch(
    /^✔ Settings\n(?:✔ .*\n|– (?:Keys of the identity provider|Backend of services): not checked\n){16}\n0 errors/,
  );
});

test("each of 34 harmful settings and omissions has one finding with its remedy and no value", async () => {
  expect(new Set(cases.map(({ what }) => what)).size).toBe(34);
  const missed = await missedOf(cases);
  console.log(`${cases.length - missed.length} of ${cases.length}`);
  expect(missed).toEqual([]);
}, 600_000);

test("so has each further finding", async () => {
  expect(await missedOf(others)).toEqual([]);
}, 600_000);

test("every finding has a case", () => {
  const seen = new Set([...cases, ...others].map(({ code }) => code));
  const unseen = Object.keys(findingTable).filter((code) => !seen.has(code));
  expect(unseen).toEqual(["check_failed"]);
});

async function missedOf(list: Case[]): Promise<unknown[]> {
  const missed: unknown[] = [];
  for (const one of list) {
    const found = await foundIn(one);
    if (found !== undefined) missed.push({ what: one.what, found });
  }
  return missed;
}

/** Compares the doctor's findings with a case; resolves to the difference, or undefined for none. */
async function foundIn({ set, breaks, code, says, also = [] }: Case): Promise<unknown> {
  const changes = (await set?.(deployment)) ?? {};
  const undo = await breaks?.(deployment);
  try {
    // Our backend's timeout for its database is 2 s, which a busy machine may exceed.
    let found: Found[] = [];
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      found = await findings(changes);
      if (codesOf(found) === [code, ...also].sort().join()) break;
    }
    const { exitCode, text, given } = await doctor(changes);
    const named = found.find((one) => one.code === code);
    const isExact = codesOf(found) === [code, ...also].sort().join();
    const isSaid = named && says.test(`${named.what} ${named.remedy}`) && text.includes(named.remedy);
    const isExit = exitCode === (found.some(({ severity }) => severity === "error") ? 1 : 0);
    return isExact && isSaid && isExit && !showsValue(text, given) ? undefined : { found, exitCode, text };
  } finally {
    await undo?.();
  }
}

const codesOf = (found: Found[]) =>
  found
    .map(({ code }) => code)
    .sort()
    .join();

function showsValue(text: string, given: Environment): boolean {
  const plain = ["true", "TRUE", "none", "operator"];
  const values = Object.values(given).filter((value) => value !== "" && !plain.includes(value));
  return ["hunter2", secretKey, publishableKey, postgresUrl, ...values].some((value) => text.includes(value));
}

test("a token without azp is accepted when machine tokens are allowed", async () => {
  const SMARTEROS_ACCESS_TOKEN = await deployment.tokenWith({ azp: undefined });
  const set = { SMARTEROS_ACCESS_TOKEN, CLERK_ALLOW_MISSING_AZP: "true" };
  await expect.poll(() => findings(set)).toEqual([]);
});

test("all invalid settings are named together, and independent parts are still checked", async () => {
  const set = { CLERK_AUTHORIZED_PARTIES: "app.hunter2.test", FASTAPI_SECRET: "hunter2", MCP_ENABLED: "" };
  const found = await findings(set);
  expect(found.map(({ code }) => code)).toEqual(["setting_not_valid", "setting_not_valid", "mcp_disabled"]);
});

describe("as a program", () => {
  async function run(args: string[], env: Environment) {
    const child = spawn(process.execPath, [path.join(root, "apps/doctor/src/main.ts"), ...args], {
      cwd: root,
      env: { PATH: process.env.PATH, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [output, exitCode] = await Promise.all([
      text(child.stdout),
      new Promise((resolve) => child.once("close", resolve)),
    ]);
    return { output, exitCode };
  }
  const folder = mkdtempSync(path.join(tmpdir(), "smarteros-doctor-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const nothing = { SMARTEROS_DATA_DIR: folder };

  test("it exits with 2 when nothing is set, and names the settings", async () => {
    const { output, exitCode } = await run([], nothing);
    expect(exitCode).toBe(2);
    expect(output).toMatch(/NEXT_PUBLIC_SUPABASE_URL .*\n.*NEXT_PUBLIC_SUPABASE_ANON_KEY[\s\S]*npm start/);
  });

  test("it exits with 2 for an unknown argument", async () => {
    expect((await run(["--hunter"], nothing)).exitCode).toBe(2);
  });

  test("it reads a file of settings; the environment takes precedence", async () => {
    const file = path.join(folder, "settings");
    const lines = Object.entries({ ...deployment.environment, SMARTEROS_ACCESS_TOKEN: "" });
    writeFileSync(file, lines.map(([name, value]) => `${name}="${value}"`).join("\n"));
    const { output, exitCode } = await run(["--env-file", file, "--json"], { ...nothing, MCP_ENABLED: "no" });
    expect(exitCode).toBe(0);
    const report = JSON.parse(output);
    expect(report).toMatchObject({ errors: 0, warnings: 1, notes: 1 });
    expect(output).toContain("mcp_disabled");
  });
});

test("docs/doctor.md has each finding with its remedy, and no other", () => {
  const document = readFileSync(path.join(root, "docs/doctor.md"), "utf8");
  const rows = Object.entries(findingTable).map(
    ([code, { severity, what, remedy }]) => `| \`${code}\` | ${severity} | ${what} | ${remedy} |`,
  );
  const [, table = ""] = document.split("## Findings");
  const found = table.split("\n").filter((line) => line.startsWith("| `"));
  expect(found).toEqual(rows);
});
