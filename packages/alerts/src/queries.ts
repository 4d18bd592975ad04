import { type Database, olderThan, type RowsQuery, type SupabaseClient } from "@smarteros/supabase";
import type { Row } from "./cursor.ts";

type Tables = Database["public"]["Tables"];
type Incident = Tables["alert_incidents"]["Row"];
type Delivery = Pick<
  Tables["alert_deliveries"]["Row"],
  "id" | "kind" | "state" | "attempts" | "last_error" | "created_at" | "next_attempt_at" | "payload"
> & { target: { name: string } };

const deliveryColumns =
  "id, kind, state, attempts, last_error, created_at, next_attempt_at, payload, target:alert_targets(name)";

/** The queries of the alerts page, each for rows after a row. Small tables are counted, which saves a request. */
export function alertQueries(client: SupabaseClient, signal: AbortSignal) {
  const state: RowsQuery<Pick<Tables["alert_states"]["Row"], "at" | "rules">> = () =>
    client.from("alert_states").select("at, rules").eq("id", "monitor").abortSignal(signal);

  const rules: RowsQuery<Pick<Tables["alert_rules"]["Row"], "id" | "definition">> = (last, limit) => {
    const query = client
      .from("alert_rules")
      .select("id, definition", { count: "exact" })
      .order("id")
      .limit(limit)
      .abortSignal(signal);
    return last ? query.gt("id", last.id) : query;
  };

  const mutes =
    (now: Date): RowsQuery<Pick<Tables["alert_mutes"]["Row"], "rule" | "until">> =>
    (last, limit) => {
      const query = client
        .from("alert_mutes")
        .select("rule, until", { count: "exact" })
        .gt("until", now.toISOString())
        .order("rule")
        .limit(limit)
        .abortSignal(signal);
      return last ? query.gt("rule", last.rule) : query;
    };

  // No two targets that are not removed have the same name.
  const targets: RowsQuery<Pick<Tables["alert_targets"]["Row"], "id" | "name" | "kind" | "address">> = (
    last,
    limit,
  ) => {
    const query = client
      .from("alert_targets")
      .select("id, name, kind, address", { count: "exact" })
      .is("removed_at", null)
      .order("name")
      .limit(limit)
      .abortSignal(signal);
    return last ? query.gt("name", last.name) : query;
  };

  const open: RowsQuery<Incident> = (last, limit) => {
    const query = client
      .from("alert_incidents")
      .select("*", { count: "exact" })
      .is("closed_at", null)
      .order("opened_at", { ascending: false })
      .order("id", { ascending: false })
      .limit(limit)
      .abortSignal(signal);
    return last ? query.or(olderThan("opened_at", { at: last.opened_at, id: last.id })) : query;
  };

  const closed =
    (after: Row | undefined): RowsQuery<Incident> =>
    (last, limit) => {
      const query = client
        .from("alert_incidents")
        .select()
        .not("closed_at", "is", null)
        .order("opened_at", { ascending: false })
        .order("id", { ascending: false })
        .limit(limit)
        .abortSignal(signal);
      const from = last ? { at: last.opened_at, id: last.id } : after;
      return from ? query.or(olderThan("opened_at", from)) : query;
    };

  const deliveries =
    (after: Row | undefined): RowsQuery<Delivery> =>
    (last, limit) => {
      const query = client
        .from("alert_deliveries")
        .select(deliveryColumns)
        .order("created_at", { ascending: false })
        .order("id", { ascending: false })
        .limit(limit)
        .abortSignal(signal);
      const from = last ? { at: last.created_at, id: last.id } : after;
      return from ? query.or(olderThan("created_at", from)) : query;
    };

  return { state, rules, mutes, targets, open, closed, deliveries };
}
