import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, inject, test } from "vitest";
import { readSettings } from "./env.ts";
import { isPortTaken, onPort } from "./port.ts";
import { portOwner } from "./port-owner.ts";
import { startPostgres } from "./postgres.ts";
import { preflight } from "./preflight.ts";
import { startRest } from "./rest-process.ts";

const embedded = inject("embedded");
const servers: Server[] = [];
const folder = mkdtempSync(path.join(tmpdir(), "smarteros-ports-"));

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listen(port = 0): Promise<number> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  servers.push(server);
  return (server.address() as { port: number }).port;
}

test("a port that another program takes between check and start is replaced", async () => {
  const tried: number[] = [];
  const port = await onPort(undefined, async (chosen) => {
    tried.push(chosen);
    if (tried.length === 1) await listen(chosen);
    return listen(chosen);
  });
  expect(tried).toHaveLength(2);
  expect(port).toBe(tried[1]);
});

test("a requested port is tried once, and another failure is not retried", async () => {
  const port = await listen();
  let tries = 0;
  const start = (failure?: string) => (chosen: number) => {
    tries += 1;
    if (failure) throw new Error(failure);
    return listen(chosen);
  };
  await expect(onPort(port, start())).rejects.toThrow("EADDRINUSE");
  await expect(onPort(undefined, start("no disk"))).rejects.toThrow("no disk");
  expect(tries).toBe(2);
});

test("Postgres and the REST API report a port in use", async () => {
  const port = await listen();
  const { superuserUrl: databaseUrl, publishableKey, secretKey, signingKey } = embedded;
  const settings = {
    port,
    databaseUrl,
    catalogUrl: databaseUrl,
    webOrigin: "http://127.0.0.1:3000",
    publishableKey,
    secretKey,
    signingKey,
  };
  const failures = await Promise.allSettled([
    startRest(settings, () => undefined),
    startPostgres({ folder, port, superuserPassword: "x" }),
  ]);
  rmSync(folder, { recursive: true, force: true });
  for (const failure of failures) {
    expect(failure.status).toBe("rejected");
    if (failure.status === "rejected") expect(isPortTaken((failure.reason as Error).message)).toBe(true);
  }
}, 120_000);

test("a default port in use is replaced and its owner named; a set port in use is refused by its name", async () => {
  const [web, supabase, backend] = [await listen(), await listen(), await listen()];
  await Promise.all(servers.splice(1).map((server) => new Promise((resolve) => server.close(resolve))));
  const settings = {
    ...readSettings({ SMARTEROS_DATA_DIR: path.join(folder, "none") }),
    webPort: web,
    supabasePort: supabase,
    backendPort: backend,
  };
  const owner = `node (pid ${process.pid})`;
  expect(portOwner(web)).toBe(owner);
  const lines: string[] = [];
  const chosen = await preflight(settings, (line) => lines.push(line));
  expect(chosen).toMatchObject({ supabasePort: supabase, backendPort: backend });
  expect(chosen.webPort).not.toBe(web);
  expect(lines).toEqual([
    `Port ${web} is taken by ${owner}: using ${chosen.webPort}. Set WEB_PORT to choose another.`,
  ]);
  await expect(preflight({ ...settings, setPorts: ["WEB_PORT"] }, () => undefined)).rejects.toThrow(
    `WEB_PORT: port ${web} is taken by ${owner}. End that, or set WEB_PORT to another port.`,
  );
});
