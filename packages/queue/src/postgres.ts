import type postgres from "postgres";
import type { TaskStore } from "./ports.ts";
import type { TaskRow } from "./rows.ts";
import { type Caller, taskStore } from "./task-store.ts";

/** Stores tasks by a connection to the database, without the REST API between; its role is the owner or the service role. */
export function postgresTasks(sql: postgres.Sql): TaskStore {
  // As JSON, which has the same shapes as a response of the REST API.
  const call: Caller["call"] = async (name, args) => {
    const given = Object.entries(args ?? {});
    const named = given.map(([key], index) => `${key} => $${index + 1}`).join(", ");
    const rows = await sql.unsafe<{ value: unknown }[]>(
      `select to_jsonb(called) as value from public.${name}(${named}) called`,
      given.map(([, value]) => value as never),
    );
    const values = rows.map(({ value }) => value);
    return (returnsOne.has(name) ? values[0] : values) as never;
  };
  return taskStore({
    call,
    async row(id) {
      const [found] = await sql<{ value: TaskRow }[]>`
        select to_jsonb(t) as value from public.tasks t where t.id = ${id}`;
      return found?.value;
    },
  });
}

const returnsOne: ReadonlySet<string> = new Set(["redrive_tasks", "prune_tasks"]);
