import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { connectorSettings, createConnectors, ensure, vendors } from "@smarteros/connectors";
import { memoryIntents } from "@smarteros/connectors/testing";
import { clearLockedPorts } from "get-port";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import * as z from "zod";
import { startChild } from "./child.ts";
import { claimDataDirectory } from "./data-directory.ts";
import {
  planSandboxes,
  type SandboxPlan,
  sandboxesProgram,
  sandboxLines,
  vendorEnvironment,
} from "./sandboxes.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "smarteros-sandboxes-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Plans in a new process, because a process does not return the same free port twice. */
function plan(exclude: number[] = []): Promise<SandboxPlan> {
  clearLockedPorts();
  return planSandboxes(folder, exclude);
}

async function start(planned: SandboxPlan) {
  const program = sandboxesProgram(planned);
  if (!program) throw new Error("no sandboxes");
  const lines: string[] = [];
  const child = startChild(program, (line) => lines.push(line));
  onTestFinished(() => child.stop());
  await Promise.race([child.healthy, child.exited.then((reason) => Promise.reject(new Error(reason)))]);
  return child;
}

const connectorsOf = (planned: SandboxPlan) =>
  createConnectors(z.object(connectorSettings).parse(vendorEnvironment(planned)));

test("the vendors' state and ports persist over a restart", async () => {
  const subject = { tenantId: crypto.randomUUID(), businessName: "Demo Ltda", rut: "76086428-5" };
  const { signal } = new AbortController();
  const makeAll = async (to: SandboxPlan) => {
    const { configured, missing } = connectorsOf(to);
    expect(missing).toEqual({});
    return Promise.all(
      vendors.map((vendor) =>
        ensure(configured[vendor] as never, subject, { signal, intents: memoryIntents() }),
      ),
    );
  };
  const planned = await plan();
  const first = await start(planned);
  const made = await makeAll(planned);
  expect(made.map(({ action }) => action)).toEqual(vendors.map(() => "created"));
  await first.stop();

  const again = await plan();
  expect(again).toEqual(planned);
  await start(again);
  const found = await makeAll(again);
  expect(found.map(({ action }) => action)).toEqual(vendors.map(() => "found"));
  expect(found.map(({ resource }) => resource.id)).toEqual(made.map(({ resource }) => resource.id));

  // Only the owner can read it, like the data directory.
  const stateFolder = path.join(folder, "sandboxes");
  expect(readdirSync(stateFolder).toSorted()).toEqual(
    [...vendors.map((name) => `${name}.json`), "ports.json"].toSorted(),
  );
  for (const name of readdirSync(stateFolder))
    expect(statSync(path.join(stateFolder, name)).mode & 0o777).toBe(0o600);
  expect(() => claimDataDirectory(folder)).not.toThrow();
});

test("the printed commands break a vendor and restore it", async () => {
  const planned = await plan();
  await start(planned);
  const lines = sandboxLines(planned);
  for (const port of Object.values(planned.ports)) expect(lines).toContain(`http://127.0.0.1:${port}`);
  const run = (start: string) => {
    const command = lines.split("\n").find((line) => line.startsWith(start));
    return execFileSync("sh", ["-c", command?.slice(command.indexOf("curl")) ?? "false"], {
      encoding: "utf8",
    });
  };
  const health = () => connectorsOf(planned).configured.chatwoot?.health(new AbortController().signal);
  expect(run("Break one (chatwoot)")).toContain('"fault":"error"');
  expect(await health()).toMatchObject({ process: { ok: false } });
  run("Mend it");
  expect(await health()).toMatchObject({ process: { ok: true }, credential: { ok: true } });
});

test("a port in use by another program is replaced, and a damaged record is created again", async () => {
  const { ports } = await plan();
  const other = createServer().listen(ports.odoo, "127.0.0.1");
  onTestFinished(() => void other.close());
  const next = (await plan()).ports;
  expect(next.odoo).not.toBe(ports.odoo);
  expect({ ...next, odoo: ports.odoo }).toEqual(ports);
  // Not in use yet, but reserved.
  expect(Object.values((await plan([ports.n8n ?? 0])).ports)).not.toContain(ports.n8n);
  writeFileSync(path.join(folder, "sandboxes/ports.json"), "{");
  expect(Object.keys((await plan()).ports)).toEqual([...vendors]);
});

test("a vendor that the user configured has no sandbox", async () => {
  vi.stubEnv("N8N_URL", "https://n8n.example.cl");
  vi.stubEnv("N8N_API_KEY", "n8n_key");
  vi.stubEnv("BOTPRESS_PER_TENANT", "workspace");
  const planned = await plan();
  expect(Object.keys(planned.ports)).toEqual(["chatwoot", "botpress", "odoo", "metabase"]);
  const environment = vendorEnvironment(planned);
  expect(environment).toMatchObject({
    N8N_URL: "https://n8n.example.cl",
    N8N_API_KEY: "n8n_key",
    BOTPRESS_PER_TENANT: "workspace",
    CHATWOOT_URL: `http://127.0.0.1:${planned.ports.chatwoot}`,
  });
  expect(environment).not.toHaveProperty("N8N_WEBHOOK_SECRET");
  expect(sandboxLines(planned)).not.toContain("n8n");

  for (const name of ["CHATWOOT_URL", "BOTPRESS_TOKEN", "ODOO_URL", "METABASE_URL"]) vi.stubEnv(name, "x");
  const none = await plan();
  expect(none.ports).toEqual({});
  expect(sandboxesProgram(none)).toBeUndefined();
  expect(sandboxLines(none)).toBe("");
});

test("an unreadable state ends the process with the remedy and without the content", async () => {
  const planned = await plan();
  writeFileSync(path.join(planned.folder, "odoo.json"), '{"hmacToken":"hunter2"');
  const failure = await start(planned).catch((error: Error) => error.message);
  expect(failure).toMatch(/sandbox of odoo .* cannot be read.*npm run reset/);
  expect(failure).not.toContain("hunter2");
  expect(readFileSync(path.join(planned.folder, "odoo.json"), "utf8")).toContain("hunter2");
});
