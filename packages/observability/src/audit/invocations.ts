import { type Database, databaseError, type SupabaseClient } from "@smarteros/supabase";
import { parsedJson } from "./payload.ts";

/** An invocation as its caller sees it again; `args` and `result` are JSON values, or text where a limit cut them. */
export type RecentInvocation = {
  id: string;
  at: string;
  tool: string;
  durationMs: number;
  success: boolean;
  code: string | null;
  args: unknown;
  result: unknown;
  redacted: boolean;
  requestId: string | null;
};

/** An invocation that was about one tenant, and who made it. */
export type TenantInvocation = RecentInvocation & { userId: string };

const columns = "id,created_at,tool,duration_ms,success,code,args,result,redacted,request_id" as const;
const most = 25;

/** The last 25 invocations of the user whose client this is, newest first. */
export async function recentInvocations(client: SupabaseClient, userId: string): Promise<RecentInvocation[]> {
  const { data, error, status } = await client
    .from("mcp_invocations")
    .select(columns)
    .eq("user_id", userId)
    .order("created_at", { ascending: false })
    .order("id", { ascending: false })
    .limit(most);
  if (error) throw databaseError(error, status);
  return data.map(invocationOf);
}

/**
 * The last 25 invocations about a tenant, newest first: by row level security the client's own, or everybody's for an
 * auditor and an administrator. Empty for a tenant that is not there.
 */
export async function tenantInvocations(
  client: SupabaseClient,
  tenantId: string,
): Promise<TenantInvocation[]> {
  const { data, error, status } = await client
    .from("mcp_invocations")
    .select(`${columns},user_id`)
    .eq("tenant_id", tenantId)
    .order("created_at", { ascending: false })
    .order("id", { ascending: false })
    .limit(most);
  if (error) throw databaseError(error, status);
  return data.map((row) => ({ ...invocationOf(row), userId: row.user_id }));
}

type Row = Pick<
  Database["public"]["Tables"]["mcp_invocations"]["Row"],
  | "id"
  | "created_at"
  | "tool"
  | "duration_ms"
  | "success"
  | "code"
  | "args"
  | "result"
  | "redacted"
  | "request_id"
>;

function invocationOf(row: Row): RecentInvocation {
  return {
    id: row.id,
    at: row.created_at,
    tool: row.tool,
    durationMs: row.duration_ms,
    success: row.success,
    code: row.code,
    args: parsedJson(row.args),
    result: parsedJson(row.result),
    redacted: row.redacted,
    requestId: row.request_id,
  };
}
