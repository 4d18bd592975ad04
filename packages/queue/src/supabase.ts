import { dataOf, rowsOf, type SupabaseClient } from "@smarteros/supabase";
import type { TaskStore } from "./ports.ts";
import { type Caller, taskStore } from "./task-store.ts";

/** Stores tasks in Supabase, as the service role. */
export function supabaseTasks(client: SupabaseClient): TaskStore {
  const call: Caller["call"] = async (name, args) => dataOf(await client.rpc(name, args));
  return taskStore({
    call,
    row: async (id) => rowsOf(await client.from("tasks").select("*").eq("id", id))[0],
  });
}
