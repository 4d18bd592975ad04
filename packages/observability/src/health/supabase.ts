import { SmarterosError } from "@smarteros/core";
import { type DatabaseError, dataOf, type SupabaseClient } from "@smarteros/supabase";
import { type HealthLog, healthTimeline } from "./timeline.ts";

/** Reads the monitor's results from Supabase, as the user of the client. */
export function supabaseHealthLog(client: SupabaseClient): HealthLog {
  return {
    async timeline({ days, service }, signal) {
      const wanted = { p_days: days, ...(service === undefined ? {} : { p_service: service }) };
      return healthTimeline.parse(dataOf(await client.rpc("health_timeline", wanted).abortSignal(signal)));
    },
    async createWindow({ service, from, to, reason }, signal) {
      const wanted = {
        p_starts_at: from,
        p_ends_at: to,
        p_reason: reason,
        ...(service === undefined ? {} : { p_service: service }),
      };
      const response = await client.rpc("create_maintenance_window", wanted).abortSignal(signal);
      const refusal = response.error && refusedWindow(response.error);
      if (refusal) throw refusal;
      return dataOf(response);
    },
    async endWindow(id, signal) {
      return dataOf(await client.rpc("end_maintenance_window", { p_id: id }).abortSignal(signal));
    },
  };
}

/** The field and the remedy of a constraint, by the text with which Postgres or the function names it. */
const fields: [RegExp, string, string][] = [
  [/_reason_given/, "reason", "Say in 1 to 500 characters what is done."],
  [/_length"/, "to", "A window lasts 30 days at most."],
  [/^p_ends_at/, "to", "It must be after the beginning."],
  [/^p_starts_at/, "from", "It must be a week ago or later."],
  [/^p_service/, "service", "Nothing of that name was looked at yet."],
];

function refusedWindow({ code, message }: DatabaseError): Error | undefined {
  if (code !== "23514") return undefined;
  const [, path, why] = fields.find(([words]) => words.test(message)) ?? [];
  if (path === undefined || why === undefined) return undefined;
  return new SmarterosError("invalid_input", `${path}: ${why}`, { issues: [{ path, message: why }] });
}
