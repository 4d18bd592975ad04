import postgres from "postgres";
import { afterAll, inject } from "vitest";

/** Reads the database behind every transport as its superuser: what is really stored, no matter who may see it. */
export function database() {
  const sql = postgres(inject("embedded").superuserUrl, { max: 2, onnotice: () => undefined });
  afterAll(() => sql.end());

  return {
    sql,
    /** The rows of one user's invocations, oldest first. */
    invocations: (userId: string) =>
      sql`select * from public.mcp_invocations where user_id = ${userId} order by created_at, id`,
    intents: (userId: string) =>
      sql`select * from public.mcp_intents where user_id = ${userId} order by created_at, id`,
    tenants: (userId: string) => sql`select * from public.tenants where clerk_user_id = ${userId}`,
  };
}
