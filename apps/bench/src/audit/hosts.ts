import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { uuidv7 } from "@smarteros/core";
import postgres from "postgres";

/** Where a host has what is to be stored: in a log on the disk, or in its memory. */
type Kept = "log" | "memory";

const writer = fileURLToPath(
  new URL("../../../../packages/observability/src/audit/audit-buffer-writer.fixture.ts", import.meta.url),
);

/** Hosts that record 500 calls a second each, and die, or lose their database. */
export async function createHosts(
  stack: { supabaseUrl: string; secretKey: string; superuserUrl: string },
  folder: string,
  /** Milliseconds without a new row after which none is expected any more. */
  settledAfter: number,
) {
  const database = postgres(stack.superuserUrl, { max: 1, onnotice: () => undefined });
  const children = new Set<ReturnType<typeof spawn>>();

  function start(user: string, kept: Kept, url = stack.supabaseUrl) {
    const place = kept === "log" ? path.join(folder, user) : "";
    const child = spawn(
      process.execPath,
      [writer, "--folder", place, "--url", url, "--key", stack.secretKey, "--user", user],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    children.add(child);
    const answered: string[] = [];
    let rest = "";
    child.stdout.on("data", (chunk) => {
      const lines = `${rest}${chunk}`.split("\n");
      rest = lines.pop() ?? "";
      answered.push(...lines);
    });
    const ended = once(child, "close").then(() => children.delete(child));
    return {
      answered,
      async untilAnswered(count: number) {
        // biome-ignore lint/performance/noAwaitInLoops: a look now and then
        while (answered.length < count) await sleep(10);
      },
      kill() {
        child.kill("SIGKILL");
        return ended;
      },
    };
  }

  /** Of so many answered calls, those without a row once nothing changes any more. */
  async function lost(user: string, answered: string[]): Promise<number> {
    const deadline = performance.now() + 60_000;
    for (let before = -1; ; ) {
      // biome-ignore-start lint/performance/noAwaitInLoops: until it has settled
      const rows = await database<{ id: string }[]>`
        select id from public.mcp_invocations where user_id = ${user}`;
      const stored = new Set(rows.map(({ id }) => id));
      const missing = answered.filter((id) => !stored.has(id)).length;
      if (missing === 0 || performance.now() > deadline || (before === missing && missing > 0))
        return missing;
      before = missing;
      await sleep(settledAfter);
      // biome-ignore-end lint/performance/noAwaitInLoops: see above
    }
  }

  return {
    /** Answered calls without a row after so many deaths, each some hundred calls after the start. */
    async lostByKills(lives: number, kept: Kept): Promise<number> {
      const user = `user_${uuidv7()}`;
      const answered: string[] = [];
      for (let life = 0; life < lives; life++) {
        const host = start(user, kept);
        // biome-ignore-start lint/performance/noAwaitInLoops: each takes up what the one before left
        await host.untilAnswered(100);
        await sleep(Math.random() * 200);
        await host.kill();
        // biome-ignore-end lint/performance/noAwaitInLoops: see above
        answered.push(...host.answered);
      }
      const last = start(user, kept);
      await last.untilAnswered(500);
      const missing = await lost(user, answered);
      await last.kill();
      return missing;
    },

    /** Answered calls without a row after so long without a database, and then the time to catch up. */
    async lostByOutage(milliseconds: number, kept: Kept): Promise<number> {
      const user = `user_${uuidv7()}`;
      const way = await startWay(stack.supabaseUrl);
      const host = start(user, kept, way.url);
      await host.untilAnswered(1_000);
      way.close();
      await sleep(milliseconds);
      way.open();
      const answered = [...host.answered];
      const missing = await lost(user, answered);
      await host.kill();
      await way.stop();
      return missing;
    },

    async stop() {
      for (const child of children) child.kill("SIGKILL");
      await database.end();
    },
  };
}

/** A way to the database that can be closed: who asks then is cut off. */
async function startWay(target: string) {
  let isOpen = true;
  const server = createServer((asked, answer) => {
    if (!isOpen) return asked.socket.destroy();
    const { method } = asked;
    const headers = { ...asked.headers, host: new URL(target).host };
    const onward = request(`${target}${asked.url}`, { method, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    });
    onward.once("error", () => asked.socket.destroy());
    asked.pipe(onward);
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
