import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { uuidv7 } from "@smarteros/core";
import postgres from "postgres";

/** The place of a host's unstored records: a log on disk, or memory. */
type BufferPlace = "log" | "memory";

const writer = fileURLToPath(
  new URL("../../../../packages/observability/src/audit/audit-buffer-writer.fixture.ts", import.meta.url),
);

/** Starts hosts that record 500 calls a second each, to be killed or cut off from their database. */
export async function createHosts(
  stack: { supabaseUrl: string; secretKey: string; superuserUrl: string },
  folder: string,
  /** Milliseconds without a new row after which no more are expected. */
  settledAfter: number,
) {
  const database = postgres(stack.superuserUrl, { max: 1, onnotice: () => undefined });
  const children = new Set<ReturnType<typeof spawn>>();

  function start(user: string, buffer: BufferPlace, url = stack.supabaseUrl) {
    const place = buffer === "log" ? path.join(folder, user) : "";
    const child = spawn(
      process.execPath,
      [writer, "--folder", place, "--url", url, "--key", stack.secretKey, "--user", user],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    children.add(child);
    const acknowledged: string[] = [];
    let rest = "";
    child.stdout.on("data", (chunk) => {
      const lines = `${rest}${chunk}`.split("\n");
      rest = lines.pop() ?? "";
      acknowledged.push(...lines);
    });
    const ended = once(child, "close").then(() => children.delete(child));
    return {
      acknowledged,
      async untilAcknowledged(count: number) {
        while (acknowledged.length < count) await sleep(10);
      },
      kill() {
        child.kill("SIGKILL");
        return ended;
      },
    };
  }

  /** Counts the acknowledged calls without a row, once the number is stable. */
  async function lost(user: string, acknowledged: string[]): Promise<number> {
    const deadline = performance.now() + 60_000;
    for (let before = -1; ; ) {
      const rows = await database<{ id: string }[]>`
        select id from public.mcp_invocations where user_id = ${user}`;
      const stored = new Set(rows.map(({ id }) => id));
      const missing = acknowledged.filter((id) => !stored.has(id)).length;
      if (missing === 0 || performance.now() > deadline || (before === missing && missing > 0))
        return missing;
      before = missing;
      await sleep(settledAfter);
    }
  }

  return {
    /** Counts the acknowledged calls without a row after `lives` kills, each some hundred calls after the start. */
    async lostByKills(lives: number, buffer: BufferPlace): Promise<number> {
      const user = `user_${uuidv7()}`;
      const acknowledged: string[] = [];
      for (let life = 0; life < lives; life++) {
        const host = start(user, buffer);
        await host.untilAcknowledged(100);
        await sleep(Math.random() * 200);
        await host.kill();
        acknowledged.push(...host.acknowledged);
      }
      const last = start(user, buffer);
      await last.untilAcknowledged(500);
      const missing = await lost(user, acknowledged);
      await last.kill();
      return missing;
    },

    /** Counts the acknowledged calls without a row after an outage of the database and the time to catch up. */
    async lostByOutage(milliseconds: number, buffer: BufferPlace): Promise<number> {
      const user = `user_${uuidv7()}`;
      const proxy = await startProxy(stack.supabaseUrl);
      const host = start(user, buffer, proxy.url);
      await host.untilAcknowledged(1_000);
      proxy.close();
      await sleep(milliseconds);
      proxy.open();
      const acknowledged = [...host.acknowledged];
      const missing = await lost(user, acknowledged);
      await host.kill();
      await proxy.stop();
      return missing;
    },

    async stop() {
      for (const child of children) child.kill("SIGKILL");
      await database.end();
    },
  };
}

/** Starts a proxy of the database that can be closed: requests are then cut off. */
async function startProxy(target: string) {
  let isOpen = true;
  const server = createServer((incoming, outgoing) => {
    if (!isOpen) return incoming.socket.destroy();
    const { method } = incoming;
    const headers = { ...incoming.headers, host: new URL(target).host };
    const onward = request(`${target}${incoming.url}`, { method, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    onward.once("error", () => incoming.socket.destroy());
    incoming.pipe(onward);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open() {
      isOpen = true;
    },
    close() {
      isOpen = false;
      server.closeAllConnections();
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
