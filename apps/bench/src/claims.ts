import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startSupabase } from "@smarteros/local/stack";
import postgres, { type Sql } from "postgres";
import { type Comparison, compare, interleaved } from "./measure.ts";
import { type Size, sized } from "./size.ts";

const rounds = 40;
const atOnce = 10;

/**
 * Measures a claim of ten tasks out of a million, with nine of ten tasks in the line of a key at its cap, and beside a
 * paused queue of half a million, each compared with ten out of ten thousand in a database of their own.
 */
export async function claims(size: Size): Promise<Comparison[]> {
  const [few, many] = [await startDatabase(), await startDatabase()];
  try {
    const small = sized(size, 10_000, 200);
    const large = sized(size, 1_000_000, 2_000);
    await fill(few.sql, "few", small);
    await fill(many.sql, "many", large);
    await fill(many.sql, "capped", large, 0.9);
    await fill(many.sql, "paused", large / 2);
    await many.sql`select public.pause_queue('paused', true)`;
    await fill(many.sql, "beside", small);
    await Promise.all([few.sql`vacuum analyze`, many.sql`vacuum analyze`]);

    const figures: Comparison[] = [];
    for (const [queue, what] of [
      ["many", `of ${large} tasks`],
      ["capped", `of ${large}, 90 % of one key at its cap`],
      ["beside", `of ${small} beside a paused queue of ${large / 2}`],
    ] as const)
      figures.push(
        compare(
          `claim: ${atOnce} ${what}`,
          "ms",
          await interleaved(
            rounds,
            () => claim(many.sql, queue),
            () => claim(few.sql, "few"),
          ),
          `${atOnce} of ${small} tasks`,
          { better: "lower", atMost: 1.3, of: "ratio" },
        ),
      );
    return figures;
  } finally {
    await Promise.all([few.stop(), many.stop()]);
  }
}

async function startDatabase() {
  const dataDirectory = mkdtempSync(path.join(tmpdir(), "smarteros-bench-"));
  const stack = await startSupabase({ dataDirectory, webOrigin: "http://127.0.0.1:1", log: () => undefined });
  const sql = postgres(stack.superuserUrl, { max: 1, onnotice: () => undefined });
  return {
    sql,
    async stop() {
      await sql.end();
      await stack.stop();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

/**
 * Fills a queue with tasks of a thousand keys. A share of them belongs to one more key, which is first in line and has as
 * many running as its cap allows.
 */
async function fill(sql: Sql, queue: string, tasks: number, capped = 0): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`insert into public.task_queues (name, max_running, max_per_worker, max_per_key)
      values (${queue}, 100, 100, ${atOnce})`;
    await transaction`
      insert into public.tasks (queue, kind, fair_key, requested_by, state, due_at)
      select ${queue}, 'work', key, key, 'queued', now() + n * interval '1 millisecond'
      from (
        select n, case when n <= ${tasks * capped} then 'capped' else 'key-' || n % 1000 end as key
        from generate_series(1, ${tasks}::int) n
      ) numbered`;
    await transaction`
      insert into public.task_lines (queue, fair_key, priority, waiting, head_due_at)
      select queue, fair_key, priority, count(*), min(due_at) from public.tasks where queue = ${queue}
      group by queue, fair_key, priority`;
  });
  if (capped > 0) await sql`select count(*) from public.claim_tasks(${queue}, 'other', ${atOnce})`;
}

/** Returns the milliseconds of a claim, which is rolled back. */
async function claim(sql: Sql, queue: string): Promise<number> {
  await sql`begin`;
  const started = performance.now();
  const tasks = await sql`select * from public.claim_tasks(${queue}, 'bench', ${atOnce})`;
  const elapsed = performance.now() - started;
  await sql`rollback`;
  if (tasks.length !== atOnce || tasks.some(({ fair_key: key }) => key === "capped"))
    throw new Error(`${tasks.length} tasks of the queue ${queue} were claimed`);
  return elapsed;
}
