import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import getPort from "get-port";
import { afterEach, describe, expect, it } from "vitest";
import { asserted, embedded, secret } from "./backend.fixture.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

const environment = {
  FASTAPI_SECRET: secret,
  NEXT_PUBLIC_SUPABASE_URL: embedded.supabaseUrl,
  SUPABASE_SERVICE_ROLE_KEY: embedded.secretKey,
};

/** Runs the program as a supervisor does and collects its `output`. */
function run(given: Record<string, string>) {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...given },
  });
  children.push(child);
  const state = { child, output: "", exited: once(child, "close").then(([code]) => code as number | null) };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (state.output += chunk));
  return state;
}

async function runReady(given: Record<string, string> = {}) {
  const port = await getPort({ host: "127.0.0.1" });
  const state = run({ ...environment, BACKEND_PORT: String(port), ...given });
  await expect.poll(() => state.output, { timeout: 15_000 }).toContain("BACKEND_STARTED");
  return { ...state, state, port, url: `http://127.0.0.1:${port}` };
}

/** Starts a database that responds as the test specifies. */
async function databaseThat(handle: RequestListener) {
  let asked = 0;
  const server = createServer((request, response) => {
    asked++;
    handle(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("no address");
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked: () => asked,
    stop: () => server.close().closeAllConnections(),
  };
}

describe("as a program", () => {
  it("serves the embedded database with the settings of a supervisor, and stops with 0", async () => {
    const { child, exited, url, port } = await runReady();
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect((await fetch(`${url}/tenants`, { headers: await asserted(url, "user_x") })).status).toBe(200);
    child.kill("SIGTERM");
    expect(await exited).toBe(0);
    await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow();
  });

  it("listens on loopback by default", async () => {
    const { state } = await runReady();
    expect(state.output).toContain('"host":"127.0.0.1"');
  });

  it("names all wrong settings without values and exits with 2", async () => {
    const state = run({
      FASTAPI_SECRET: "short-hush",
      BACKEND_PORT: "99999",
      BACKEND_URL: "hush",
      SUPABASE_SERVICE_ROLE_KEY: "",
    });
    expect(await state.exited).toBe(2);
    expect(state.output).toContain("[MISCONFIGURED]");
    for (const name of ["FASTAPI_SECRET", "BACKEND_PORT", "BACKEND_URL", "SUPABASE_SERVICE_ROLE_KEY"]) {
      expect(state.output).toContain(name);
    }
    expect(state.output).not.toMatch(/hush|99999/);
  });

  it("exits with 1 when its port is in use", async () => {
    const { port } = await runReady();
    const second = run({ ...environment, BACKEND_PORT: String(port) });
    expect(await second.exited).toBe(1);
    expect(second.output).toContain("EADDRINUSE");
  });
});

describe("a stop", () => {
  it.each(["SIGTERM", "SIGINT"] as const)(
    "by %s responses what is in flight, and takes nothing new",
    async (signal) => {
      const database = await databaseThat((_, response) => setTimeout(() => response.end("true"), 1_500));
      const { child, exited, url } = await runReady({ NEXT_PUBLIC_SUPABASE_URL: database.url });
      const inFlight = fetch(`${url}/health`);
      await expect.poll(database.asked).toBe(1);
      child.kill(signal);
      const knock = () =>
        fetch(`${url}/docs`).then(
          ({ status }) => status,
          () => "closed",
        );
      await expect.poll(knock).toBe("closed");
      expect((await inFlight).status).toBe(200);
      const respondedAt = performance.now();
      expect(await exited).toBe(0);
      expect(performance.now() - respondedAt).toBeLessThan(3_000);
      database.stop();
    },
  );

  it("does not wait for an idle connection with an incomplete request", async () => {
    const { child, exited, port } = await runReady();
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined).write("GET /health HTTP/1.1\r\nHost: x\r\n");
    await sleep(200);
    const asked = performance.now();
    child.kill("SIGTERM");
    expect(await exited).toBe(0);
    expect(performance.now() - asked).toBeLessThan(7_500);
    socket.destroy();
  });
});

it("a request aborted by its caller aborts the query of the database", async () => {
  let gone = 0;
  const database = await databaseThat((_, response) => response.once("close", () => gone++));
  const { state, url } = await runReady({ NEXT_PUBLIC_SUPABASE_URL: database.url });
  const caller = new AbortController();
  const headers = await asserted(url, "user_x");
  const asking = fetch(`${url}/tenants`, { headers, signal: caller.signal }).catch(() => "gone");
  await expect.poll(database.asked).toBe(1);
  caller.abort();
  expect(await asking).toBe("gone");
  await expect.poll(() => gone).toBe(1);
  await expect.poll(() => state.output).toContain('"status":499');
  expect(state.output).not.toContain("BACKEND_ERROR");
  database.stop();
});
