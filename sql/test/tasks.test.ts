import { expect, test } from "vitest";
import { asService, asUser, newOwner, superuser, violated } from "./embedded.ts";
import { anyRut } from "./ruts.ts";

type Row = Record<string, unknown>;
type Task = {
  id: string;
  claim: string;
  kind: string;
  state: string;
  attempts: number;
  fair_key: string;
  due_at: Date;
  payload: Row;
  error: Row | null;
};

const newQueue = async (settings: Row = {}) => {
  const name = `q${crypto.randomUUID().slice(0, 18)}`;
  await asService((sql) => sql`select public.configure_queue(${name}, ${sql.json(settings as never)})`);
  return name;
};
const enqueue = (queue: string, ...tasks: Row[]) =>
  asService(
    (sql) =>
      sql<Task[]>`select * from public.enqueue_tasks(${sql.json(
        tasks.map((task) => ({ queue, kind: "work", requested_by: "user_a", ...task })) as never,
      )})`,
  );
const claim = (queue: string, limit = 1, worker = "worker-1") =>
  asService((sql) => sql<Task[]>`select * from public.claim_tasks(${queue}, ${worker}, ${limit})`);
const complete = (...ended: Row[]) =>
  asService(
    async (sql) =>
      await sql<{ id: string }[]>`select public.complete_tasks(${sql.json(ended as never)}) as id`,
  );
const fail = ({ id, claim }: Task, more: { retry?: boolean; after?: string; trips?: boolean } = {}) =>
  asService(
    (sql) => sql<Task[]>`select * from public.fail_task(${id}, ${claim}, '{"code": "broken"}',
      ${more.retry ?? true}, ${more.after ?? "0"}, ${more.trips ?? false})`,
  );
const read = async (id: string) => (await superuser<Task[]>`select * from public.tasks where id = ${id}`)[0];
const lapse = (id: string) =>
  superuser`update public.tasks set lease_until = now() - interval '1 s' where id = ${id}`;
const linesOf = (queue: string) => superuser`
  select fair_key, priority, waiting, head_due_at from public.task_lines where queue = ${queue} order by 1, 2`;
const linesByTasks = (queue: string) => superuser`
  select fair_key, priority, count(*)::integer as waiting, min(due_at) as head_due_at
  from public.tasks where queue = ${queue} and state = 'queued' group by 1, 2 order by 1, 2`;

test("a task is claimed once, with a token, and completed with its result", async () => {
  const queue = await newQueue();
  const [task] = await enqueue(queue, { payload: { a: 1 } });
  const [claimed] = await claim(queue);
  expect(claimed).toMatchObject({ id: task?.id, state: "running", attempts: 1, payload: { a: 1 } });
  expect(await claim(queue)).toHaveLength(0);
  expect(await complete({ id: claimed?.id, claim: claimed?.claim, result: { b: 2 } })).toHaveLength(1);
  expect(await read(claimed!.id)).toMatchObject({ state: "succeeded", result: { b: 2 } });
});

test("concurrent claims never share a task", async () => {
  const queue = await newQueue({ max_running: 100 });
  await enqueue(queue, ...Array.from({ length: 60 }, () => ({})));
  const claims = await Promise.all(Array.from({ length: 12 }, (_, n) => claim(queue, 5, `worker-${n}`)));
  expect(new Set(claims.flat().map(({ id }) => id)).size).toBe(60);
});

test("an older token is refused, and one whose lease ran out counts until the task is claimed again", async () => {
  const queue = await newQueue();
  await enqueue(queue, {});
  const [first] = await claim(queue);
  await lapse(first!.id);
  const [second] = await claim(queue, 1, "worker-2");
  expect(second).toMatchObject({ id: first?.id, attempts: 2 });
  expect(await complete({ id: first?.id, claim: first?.claim, result: 1 })).toHaveLength(0);
  expect(await fail(first!)).toHaveLength(0);
  await lapse(second!.id);
  expect(await complete({ id: second?.id, claim: second?.claim, result: 2 })).toHaveLength(1);
  expect(await read(first!.id)).toMatchObject({ state: "succeeded", result: 2 });
});

test("a completion counts after the task went back in line, which it then leaves", async () => {
  const queue = await newQueue({ max_per_worker: 1 });
  await enqueue(queue, {}, {});
  const [first] = await claim(queue);
  await lapse(first!.id);
  const [other] = await claim(queue);
  expect(other?.id).not.toBe(first?.id);
  expect(await read(first!.id)).toMatchObject({ state: "queued" });
  expect(await complete({ id: first?.id, claim: first?.claim })).toHaveLength(1);
  expect(await read(first!.id)).toMatchObject({ state: "succeeded" });
  expect(await linesOf(queue)).toHaveLength(0);
});

test("the same completion a second time counts, and enqueues its follow-ups once", async () => {
  const queue = await newQueue();
  await enqueue(queue, {});
  const [task] = await claim(queue);
  const follow_ups = [{ queue, kind: "next", requested_by: "user_a" }];
  const ended = { id: task?.id, claim: task?.claim, follow_ups };
  expect(await complete(ended)).toHaveLength(1);
  expect(await complete(ended)).toHaveLength(1);
  const next = await superuser<Row[]>`select kind, parent_id from public.tasks where parent_id = ${task!.id}`;
  expect([...next]).toEqual([{ kind: "next", parent_id: task?.id }]);
});

test("a refused follow-up leaves the task running", async () => {
  const queue = await newQueue();
  await enqueue(queue, {});
  const [task] = await claim(queue);
  const follow_ups = [{ queue, kind: "No Kind", requested_by: "user_a" }];
  expect(await violated(complete({ id: task?.id, claim: task?.claim, follow_ups }))).toBe("tasks_kind_shape");
  expect(await read(task!.id)).toMatchObject({ state: "running" });
});

test("a failed attempt waits longer each time, and the last one is dead", async () => {
  const queue = await newQueue();
  await enqueue(queue, { max_attempts: 3 });
  const pauses: number[] = [];
  for (let attempt = 1; attempt <= 3; attempt++) {
    const [task] = await claim(queue);
    expect(task).toMatchObject({ attempts: attempt });
    await fail(task!);
    const [row] = await superuser<{ state: string; pause: number }[]>`
      select state, extract(epoch from run_at - now())::float8 as pause from public.tasks where id = ${task!.id}`;
    pauses.push(row!.pause);
    expect(row?.state).toBe(attempt < 3 ? "scheduled" : "dead");
    expect(await claim(queue)).toHaveLength(0);
    await superuser`update public.tasks set run_at = now() where id = ${task!.id} and state = 'scheduled'`;
  }
  expect(pauses[0]).toBeGreaterThan(0.9);
  expect(pauses[0]).toBeLessThan(2.1);
  expect(pauses[1]).toBeGreaterThan(1.9);
  expect(pauses[1]).toBeLessThan(4.1);
});

test.each([
  ["one that must not be retried", { retry: false }, "dead", 0],
  ["one with a time of the other side", { after: "1 minute" }, "scheduled", 59],
])("of failures, %s", async (_which, more, state, atLeast) => {
  const queue = await newQueue();
  await enqueue(queue, {});
  const [task] = await claim(queue);
  const [failed] = await fail(task!, more);
  expect(failed).toMatchObject({ state, error: { code: "broken" } });
  const [{ pause } = { pause: 0 }] = await superuser<{ pause: number }[]>`
    select extract(epoch from run_at - now())::float8 as pause from public.tasks where id = ${task!.id}`;
  if (state === "scheduled") expect(pause).toBeGreaterThan(atLeast);
});

test("attempts that all end with a lapsed lease end in a dead task, which a late completion still ends well", async () => {
  const queue = await newQueue();
  await enqueue(queue, { max_attempts: 1 });
  const [task] = await claim(queue);
  await lapse(task!.id);
  expect(await claim(queue)).toHaveLength(0);
  expect(await read(task!.id)).toMatchObject({ state: "dead", error: { code: "lease_ran_out" } });
  expect(await complete({ id: task?.id, claim: task?.claim })).toHaveLength(1);
  expect(await read(task!.id)).toMatchObject({ state: "succeeded", error: null });
});

test("a postponed task holds no slot and counts no attempt", async () => {
  const queue = await newQueue({ max_running: 1 });
  await enqueue(queue, { priority: 0 }, { priority: 1 });
  const [task] = await claim(queue);
  await asService(
    (sql) =>
      sql`select public.postpone_task(${task!.id}, ${task!.claim}, interval '1 hour', '{"settling": true}')`,
  );
  expect(await read(task!.id)).toMatchObject({
    state: "scheduled",
    attempts: 0,
    progress: { settling: true },
  });
  expect(await claim(queue)).toHaveLength(1);
});

test("renewal extends the lease, and tells a cancelled task and a lost one", async () => {
  const queue = await newQueue({ lease: "10 seconds" });
  await enqueue(queue, {}, {}, {});
  const [one, two, three] = await claim(queue, 3);
  await superuser`update public.tasks set claim = gen_random_uuid() where id = ${three!.id}`;
  await asService((sql) => sql`select public.cancel_task(${two!.id})`);
  const renewed = await asService(
    (sql) =>
      sql<{ id: string; cancelled: boolean; lease_until: Date }[]>`
        select * from public.renew_tasks(${sql.json([one, two, three].map((t) => ({ id: t!.id, claim: t!.claim })))})`,
  );
  expect(new Map(renewed.map(({ id, cancelled }) => [id, cancelled]))).toEqual(
    new Map([
      [one!.id, false],
      [two!.id, true],
    ]),
  );
});

test("cancelling ends what waits at once, and what runs with its next failure", async () => {
  const queue = await newQueue();
  const [, waiting] = await enqueue(queue, { priority: 0 }, { priority: 1 });
  const [running] = await claim(queue);
  for (const { id } of [waiting!, running!]) await asService((sql) => sql`select public.cancel_task(${id})`);
  expect(await read(waiting!.id)).toMatchObject({ state: "cancelled" });
  expect(await linesOf(queue)).toHaveLength(0);
  expect(await read(running!.id)).toMatchObject({ state: "running", cancel_requested_at: expect.any(Date) });
  await fail(running!);
  expect(await read(running!.id)).toMatchObject({ state: "cancelled" });
  expect(await complete({ id: running?.id, claim: running?.claim })).toHaveLength(0);
});

test("a dedupe key that is open gets the open task, also concurrently, and a new one after its end", async () => {
  const queue = await newQueue();
  const made = await Promise.all(Array.from({ length: 8 }, () => enqueue(queue, { dedupe_key: "one" })));
  expect(new Set(made.flat().map(({ id }) => id)).size).toBe(1);
  const [task] = await claim(queue);
  expect((await enqueue(queue, { dedupe_key: "one" }))[0]?.id).toBe(task?.id);
  await complete({ id: task?.id, claim: task?.claim });
  expect((await enqueue(queue, { dedupe_key: "one" }))[0]?.id).not.toBe(task?.id);
});

test("a task is not claimed before its time, and expires after its deadline", async () => {
  const queue = await newQueue();
  const soon = new Date(Date.now() + 3_600_000);
  const [later, late] = await enqueue(queue, { run_at: soon }, {});
  await superuser`update public.tasks set deadline_at = now() - interval '1 s' where id = ${late!.id}`;
  expect(await claim(queue)).toHaveLength(0);
  expect(await read(late!.id)).toMatchObject({ state: "expired" });
  expect(await linesOf(queue)).toHaveLength(0);
  await superuser`update public.tasks set run_at = now() where id = ${later!.id}`;
  expect(await claim(queue)).toMatchObject([{ id: later?.id }]);
});

test("dead tasks are redriven with all attempts, except those whose key is open again", async () => {
  const queue = await newQueue();
  await enqueue(queue, { max_attempts: 1 }, { max_attempts: 1, dedupe_key: "one" });
  for (const task of await claim(queue, 2)) await fail(task);
  await enqueue(queue, { dedupe_key: "one" });
  const redrive = (dryRun: boolean) =>
    asService(
      (sql) => sql<{ n: number }[]>`select public.redrive_tasks(${queue}, null, null, ${dryRun}) as n`,
    );
  expect([...(await redrive(true))]).toEqual([{ n: 1 }]);
  expect([...(await redrive(false))]).toEqual([{ n: 1 }]);
  expect([...(await redrive(false))]).toEqual([{ n: 0 }]);
  expect(await claim(queue, 5)).toMatchObject([{ attempts: 1 }, { attempts: 1 }]);
});

test("a paused queue gives nothing until it goes on", async () => {
  const queue = await newQueue();
  await enqueue(queue, {});
  const pause = (paused: boolean) => asService((sql) => sql`select public.pause_queue(${queue}, ${paused})`);
  await pause(true);
  expect(await claim(queue)).toHaveLength(0);
  await pause(false);
  expect(await claim(queue)).toHaveLength(1);
});

test("the breaker opens after failures in a row, then lets one task try, whose success closes it", async () => {
  const queue = await newQueue({ breaker_failures: 2, breaker_pause: "1 hour" });
  await enqueue(queue, ...Array.from({ length: 6 }, () => ({ max_attempts: 1 })));
  const [one, two] = await claim(queue, 2);
  await fail(one!, { trips: true });
  await fail(two!, { trips: true });
  expect(await claim(queue)).toHaveLength(0);
  await superuser`update public.task_queues set open_until = now() where name = ${queue}`;
  const trial = await claim(queue, 4);
  expect(trial).toHaveLength(1);
  expect(await claim(queue, 4)).toHaveLength(0);
  await complete({ id: trial[0]?.id, claim: trial[0]?.claim });
  expect(await claim(queue, 4)).toHaveLength(3);
});

test.each([
  ["the queue", { max_running: 3 }, 3],
  ["a key", { max_running: 20, max_per_key: 2 }, 4],
  ["a worker", { max_running: 20, max_per_worker: 5 }, 5],
])("the cap of %s holds inside a batch and between workers", async (of, settings, most) => {
  const queue = await newQueue(settings);
  await enqueue(queue, ...Array.from({ length: 20 }, (_, n) => ({ fair_key: `key-${n % 2}` })));
  expect(await claim(queue, 20)).toHaveLength(most);
  expect(await claim(queue, 20, of === "a worker" ? "worker-1" : "worker-2")).toHaveLength(0);
});

test("the cap of a tenant lets other tenants of the same owner pass", async () => {
  const owner = newOwner();
  const [one, two] = await superuser<{ id: string }[]>`
    insert into public.tenants (rut, business_name, clerk_user_id)
    values (${anyRut()}, 'Uno Ltda', ${owner}), (${anyRut()}, 'Dos Ltda', ${owner}) returning id`;
  const queue = await newQueue({ max_running: 20, max_per_tenant: 1 });
  const tenants = [one, one, one, two, two];
  const tasks = await enqueue(queue, ...tenants.map((tenant) => ({ tenant_id: tenant!.id })));
  expect(tasks.map(({ fair_key }) => fair_key)).toEqual(Array(5).fill(owner));
  const claimed = await claim(queue, 20);
  expect(claimed.map(({ id }) => id)).toEqual([tasks[0]!.id, tasks[3]!.id]);
  await complete({ id: claimed[1]?.id, claim: claimed[1]?.claim });
  expect(await claim(queue, 20)).toMatchObject([{ id: tasks[4]!.id }]);
});

test("tasks are due after the slack of their priority and a slice for each open task of their key", async () => {
  const queue = await newQueue({ slice: "10 seconds" });
  const tasks = await enqueue(
    queue,
    { priority: 0 },
    { priority: 0 },
    { priority: 3 },
    { priority: 0, fair_key: "other" },
  );
  const seconds = tasks.map(
    ({ due_at }) => Math.round((due_at.getTime() - tasks[0]!.due_at.getTime()) / 1000) + 0,
  );
  expect(seconds).toEqual([0, 10, 1820, 0]);
});

test("one slot in four goes by priority, the others by the time due", async () => {
  const queue = await newQueue({ slice: "1 second", max_running: 50 });
  await enqueue(queue, ...Array.from({ length: 8 }, () => ({ kind: "low", priority: 3 })));
  await superuser`update public.tasks set due_at = due_at - interval '1 hour' where queue = ${queue}`;
  await superuser`update public.task_lines set head_due_at = head_due_at - interval '1 hour' where queue = ${queue}`;
  await enqueue(queue, ...Array.from({ length: 2 }, () => ({ kind: "urgent", priority: 0 })));
  expect((await claim(queue, 10)).map(({ kind }) => kind)).toEqual([
    ..."low low low urgent low low low urgent low low".split(" "),
  ]);
});

test("users read the tasks of their tenants and those they asked for, and no lines", async () => {
  const [owner, other] = [newOwner(), newOwner()];
  const [tenant] = await superuser<{ id: string }[]>`
    insert into public.tenants (rut, business_name, clerk_user_id) values (${anyRut()}, 'Uno Ltda', ${owner}) returning id`;
  const queue = await newQueue();
  await enqueue(queue, { tenant_id: tenant!.id }, { requested_by: other });
  const seen = (who: string) =>
    asUser(who, (sql) => sql<Row[]>`select requested_by from public.tasks where queue = ${queue}`);
  expect([...(await seen(owner))]).toEqual([{ requested_by: "user_a" }]);
  expect([...(await seen(other))]).toEqual([{ requested_by: other }]);
  await expect(asUser(owner, (sql) => sql`select * from public.task_lines`)).rejects.toThrow(
    "permission denied",
  );
});

// A small generator, so that a failing schedule can be repeated by its seed.
function random(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

// SCHEDULES=1000 runs as many.
const schedules = Number(process.env.SCHEDULES ?? 12);
test.each(Array.from({ length: schedules }, (_, seed) => seed + 1))(
  "random schedule %i: the lines say what waits, caps hold, nothing starts before what is due earlier, and each task ends once",
  { timeout: 60_000 },
  async (seed) => {
    const pick = random(seed);
    const caps = { max_running: 4 + pick(6), max_per_key: 1 + pick(4), max_per_tenant: 1 + pick(2) };
    const queue = await newQueue({ ...caps, slice: "1 second" });
    const owners = Array.from({ length: 3 }, newOwner);
    const tenants = await superuser<{ id: string }[]>`
      insert into public.tenants ${superuser(
        owners.flatMap((clerk_user_id) =>
          [1, 2].map((n) => ({ rut: anyRut(), business_name: `Empresa ${n}`, clerk_user_id })),
        ),
      )} returning id`;
    const running: Task[] = [];
    const ended: string[] = [];
    for (let action = 0; action < 60; action++) {
      const kind = pick(10);
      if (kind < 4) {
        await enqueue(
          queue,
          ...Array.from({ length: 1 + pick(4) }, () => ({
            tenant_id: tenants[pick(tenants.length)]!.id,
            priority: pick(4),
            max_attempts: 2,
          })),
        );
      } else if (kind < 7) {
        running.push(...(await claimChecked(queue, 1 + pick(4), caps)));
      } else if (running.length > 0) {
        const [task] = running.splice(pick(running.length), 1);
        // A completion also of an attempt whose lease ran out counts, unless the task was claimed again.
        if (kind === 7)
          ended.push(...(await complete({ id: task!.id, claim: task!.claim })).map(({ id }) => id));
        else if (kind === 8) await fail(task!);
        else await lapse(task!.id);
      }
      expect([...(await linesOf(queue))]).toEqual([...(await linesByTasks(queue))]);
    }
    // Two workers end what is left, and every worker reports what it once had.
    const open = () => superuser<Task[]>`
      select * from public.tasks where queue = ${queue} and state in ('scheduled', 'queued', 'running')`;
    while ((await open()).length > 0) {
      await superuser`update public.tasks set run_at = now() where queue = ${queue} and state = 'scheduled'`;
      await superuser`
        update public.tasks set lease_until = now() - interval '1 s' where queue = ${queue} and state = 'running'`;
      const claimed = await Promise.all([claim(queue, 100, "worker-1"), claim(queue, 100, "worker-2")]);
      for (const task of claimed.flat())
        ended.push(...(await complete({ id: task.id, claim: task.claim })).map(({ id }) => id));
    }
    for (const task of running) {
      const [row] = await superuser<Task[]>`select * from public.tasks where id = ${task.id}`;
      const counted = await complete({ id: task.id, claim: task.claim });
      // The last attempt may have been given up; an earlier one never counts.
      if (row?.claim !== task.claim) expect(counted).toEqual([]);
      else if (row.state !== "succeeded") ended.push(...counted.map(({ id }) => id));
    }
    const succeeded = await superuser<Task[]>`
      select id from public.tasks where queue = ${queue} and state = 'succeeded'`;
    expect(ended.toSorted()).toEqual(succeeded.map(({ id }) => id).toSorted());
  },
);

/** Claims, and compares each claimed task with the rows as they were: without caps in the way it was the first due. */
async function claimChecked(queue: string, limit: number, caps: Record<string, number>): Promise<Task[]> {
  await asService((sql) => sql`select smarteros.end_leases(${queue})`);
  // No retry becomes due between the look at the rows and the claim.
  await superuser`update public.tasks set run_at = now() where queue = ${queue} and state = 'scheduled'`;
  await asService((sql) => sql`select smarteros.prepare_claim(${queue})`);
  const rows = await superuser<(Task & { tenant_id: string; priority: number })[]>`
    select * from public.tasks where queue = ${queue} and state in ('queued', 'running') order by due_at, id`;
  const [{ claimed: before } = { claimed: 0 }] = await superuser<{ claimed: string }[]>`
    select claimed from public.task_queues where name = ${queue}`;
  const claimed = await claim(queue, limit);
  const running = rows.filter(({ state }) => state === "running");
  const waiting = rows.filter(({ state }) => state === "queued");
  const expected: string[] = [];
  const count = (test: (row: (typeof rows)[number]) => boolean) => running.filter(test).length;
  while (expected.length < limit && running.length < caps.max_running!) {
    const may = waiting.filter(
      (row) =>
        count(({ fair_key }) => fair_key === row.fair_key) < caps.max_per_key! &&
        count(({ tenant_id }) => tenant_id === row.tenant_id) < caps.max_per_tenant!,
    );
    const byPriority = (Number(before) + expected.length + 1) % 4 === 0;
    const next = byPriority ? may.toSorted((a, b) => a.priority - b.priority)[0] : may[0];
    if (!next) break;
    waiting.splice(waiting.indexOf(next), 1);
    running.push(next);
    expected.push(next.id);
  }
  expect(claimed.map(({ id }) => id)).toEqual(expected);
  return claimed;
}
