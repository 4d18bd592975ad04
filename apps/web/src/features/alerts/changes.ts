import { shownAddress, targetProblem, targetSettings } from "@smarteros/observability/alert-targets";
import { alertRule } from "@smarteros/observability/alerts";
import type { DatabaseError, Json, SupabaseClient } from "@smarteros/supabase";
import { definitionOf } from "./rule-fields.ts";

type Means = { client: SupabaseClient; allowsInternal: boolean };
type Answer = { data: unknown[] | null; error: DatabaseError | null; status: number };

/** What came of a form: done, or which field stands in the way; `keep` is what the form may begin with again. */
export type Outcome = {
  problem?: { field: string; reason: "invalid" | "internal" | "taken" | "gone" };
  keep?: string[][];
  error?: DatabaseError;
  status: number;
};

const hoursOf: Record<string, number> = { none: 0, "1h": 1, "8h": 8, "24h": 24, "7d": 168 };
const secretFields = new Set(["url", "secret", "smtpUrl", "action"]);

/** What an administrator may change, by the name that a form sends as `action`. */
export const changes = {
  async "save-rule"(form: URLSearchParams, { client }: Means): Promise<Outcome> {
    const parsed = alertRule.safeParse(definitionOf(form));
    if (!parsed.success) return invalid(form, String(parsed.error.issues[0]?.path[0] ?? "kind"));
    return outcomeOf(await client.rpc("save_alert_rule", { p_definition: parsed.data as Json }));
  },

  async "delete-rule"(form: URLSearchParams, { client }: Means): Promise<Outcome> {
    return outcomeOf(await client.rpc("delete_alert_rule", { p_id: form.get("id") ?? "" }));
  },

  async "mute-rule"(form: URLSearchParams, { client }: Means): Promise<Outcome> {
    const hours = hoursOf[form.get("for") ?? ""];
    if (hours === undefined) return invalid(form, "for");
    const until = new Date(Date.now() + hours * 3_600_000).toISOString();
    return outcomeOf(await client.rpc("mute_alert_rule", { p_rule: form.get("id") ?? "", p_until: until }));
  },

  async "add-target"(form: URLSearchParams, { client, allowsInternal }: Means): Promise<Outcome> {
    const name = form.get("name")?.trim() ?? "";
    if (name.length < 1 || name.length > 120) return invalid(form, "name");
    const { action: _action, name: _name, ...given } = Object.fromEntries(form);
    const parsed = targetSettings.safeParse(given);
    if (!parsed.success) return invalid(form, String(parsed.error.issues[0]?.path[0] ?? "kind"));
    const problem = await targetProblem(parsed.data, { allowsInternal });
    if (problem)
      return { ...invalid(form, problem.field), problem: { field: problem.field, reason: "internal" } };
    const answer = await client.rpc("add_alert_target", {
      p_name: name,
      p_kind: parsed.data.kind,
      p_address: shownAddress(parsed.data),
      p_settings: parsed.data,
    });
    if (answer.error?.code === "23505")
      return { ...invalid(form, "name"), problem: { field: "name", reason: "taken" } };
    return outcomeOf(answer);
  },

  async "remove-target"(form: URLSearchParams, { client }: Means): Promise<Outcome> {
    return onTarget(form, (id) => client.rpc("remove_alert_target", { p_id: id }));
  },

  async "test-target"(form: URLSearchParams, { client }: Means): Promise<Outcome> {
    return onTarget(form, (id) => client.rpc("test_alert_target", { p_id: id }));
  },
};

async function onTarget(
  form: URLSearchParams,
  change: (id: string) => PromiseLike<Answer>,
): Promise<Outcome> {
  const id = form.get("id") ?? "";
  if (!/^[0-9a-f-]{36}$/i.test(id)) return invalid(form, "id");
  return outcomeOf(await change(id));
}

function outcomeOf({ data, error, status }: Answer): Outcome {
  if (error && /^23/.test(error.code ?? "")) return { problem: { field: "id", reason: "invalid" }, status };
  if (error) return { error, status };
  return data?.length === 0 ? { problem: { field: "id", reason: "gone" }, status } : { status };
}

function invalid(form: URLSearchParams, field: string): Outcome {
  const keep = [...form].filter(([name]) => !secretFields.has(name));
  return { problem: { field, reason: "invalid" }, keep, status: 200 };
}
