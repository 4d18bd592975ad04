import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startSupabase } from "@smarteros/local/stack";
import postgres from "postgres";
import { type Comparison, compare, median } from "./measure.ts";
import { dbos } from "./queue/dbos.ts";
import type { Engine } from "./queue/engine.ts";
import { graphile } from "./queue/graphile.ts";
import { ours } from "./queue/ours.ts";
import { pgBoss } from "./queue/pg-boss.ts";
import { type Size, sized } from "./size.ts";

type Figures = { enqueued: number; drained: number; startMs: number; aloneMs: number; behindMs: number };

/** Compares our queue with three engines on one Postgres: speed, start latency, and a small owner beside a large one. */
export async function queues(size: Size): Promise<Comparison[]> {
  const dataDirectory = mkdtempSync(path.join(tmpdir(), "smarteros-bench-"));
  const stack = await startSupabase({ dataDirectory, webOrigin: "http://127.0.0.1:1", log: () => undefined });
  const superuser = postgres(stack.superuserUrl, { max: 1, onnotice: () => undefined });
  const engines: Engine[] = [];
  try {
    const newDatabase = async (name: string) => {
      await superuser.unsafe(`create database ${name} owner postgres`);
      return stack.postgresUrl.replace(/\/[^/]*$/, `/${name}`);
    };
    engines.push(
      await ours(stack.superuserUrl),
      await pgBoss(await newDatabase("pg_boss")),
      await graphile(await newDatabase("graphile")),
      await dbos(await newDatabase("dbos")),
    );
    const rounds = new Map(engines.map(({ name }) => [name, [] as Figures[]]));
    for (let round = 0; round < sized(size, 5, 1); round++) {
      const order = round % 2 === 0 ? engines : engines.toReversed();
      for (const engine of order) rounds.get(engine.name)?.push(await measure(engine, size));
    }
    const figure = (name: string, of: keyof Figures) =>
      median((rounds.get(name) ?? []).map((figures) => figures[of]));
    const peers = ["pg-boss", "graphile-worker", "DBOS"];
    const against = (what: string, unit: string, of: keyof Figures, goal: Parameters<typeof compare>[4]) =>
      peers.map((peer) =>
        compare(`queue: ${what}`, unit, [figure("own rows", of), figure(peer, of)], peer, goal),
      );
    const higher = { better: "higher", atLeast: 0.95, of: "ratio" } as const;
    return [
      ...against("enqueue, 8 side by side", "tasks/s", "enqueued", higher),
      ...against("drain", "tasks/s", "drained", higher),
      ...against("start on an idle queue, p50", "ms", "startMs", {
        better: "lower",
        atMost: 0.5,
        of: "ratio",
      }),
      ...["own rows", ...peers].map((name) =>
        compare(
          `queue: five tasks of an owner behind 200 of another, ${name}`,
          "ms",
          [figure(name, "behindMs"), figure(name, "aloneMs")],
          "alone",
          { better: "lower", atMost: 3, of: "ratio" },
        ),
      ),
    ];
  } finally {
    await Promise.all(engines.map((engine) => engine.stop()));
    await superuser.end();
    await stack.stop();
    rmSync(dataDirectory, { recursive: true, force: true });
  }
}

async function measure(engine: Engine, size: Size): Promise<Figures> {
  const count = sized(size, 600, 40);
  const ids = Array.from({ length: count }, (_, id) => id);
  const enqueueStarted = performance.now();
  const queue = ids.values();
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const id of queue) await engine.enqueue(`owner-${id % 20}`, id);
    }),
  );
  const enqueued = (count * 1_000) / (performance.now() - enqueueStarted);

  let handle: (id: number) => Promise<void>;
  let done = 0;
  const finished = Promise.withResolvers<void>();
  handle = async () => {
    if (++done === count) finished.resolve();
  };
  let first = 0;
  const stop = await engine.work((id) => {
    first ||= performance.now();
    return handle(id);
  });
  await finished.promise;
  const drained = (count * 1_000) / (performance.now() - first);

  const starts: number[] = [];
  for (let index = 0; index < sized(size, 25, 3); index++) {
    const begun = Promise.withResolvers<void>();
    handle = async () => begun.resolve();
    await sleep(50 + Math.random() * 100);
    const started = performance.now();
    await engine.enqueue("idle", index);
    await begun.promise;
    starts.push(performance.now() - started);
  }

  const aloneMs = await neighbour(0);
  const behindMs = await neighbour(sized(size, 200, 20));
  await stop();
  return { enqueued, drained, startMs: median(starts), aloneMs, behindMs };

  /** Returns the milliseconds until five tasks of an owner end, behind so many of another. */
  async function neighbour(others: number): Promise<number> {
    const left = new Set(Array.from({ length: others + 5 }, (_, id) => id));
    const mine = new Set([...left].slice(others));
    const [ended, all] = [Promise.withResolvers<number>(), Promise.withResolvers<void>()];
    handle = async (id) => {
      await sleep(20);
      left.delete(id);
      if (mine.delete(id) && mine.size === 0) ended.resolve(performance.now());
      if (left.size === 0) all.resolve();
    };
    for (let id = 0; id < others; id++) await engine.enqueue("large", id);
    const started = performance.now();
    await Promise.all([...mine].map((id) => engine.enqueue("small", id)));
    const endedAt = await ended.promise;
    await all.promise;
    return endedAt - started;
  }
}
