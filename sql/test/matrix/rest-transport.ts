import { createClient, type PostgrestSingleResponse } from "@supabase/supabase-js";
import { importJWK, SignJWT } from "jose";
import { embedded } from "../embedded.ts";
import type { Principal } from "./principals.ts";
import type { Outcome, Transport } from "./transport.ts";

/** Connects through the REST API with supabase-js, with a token of the same format as in production. */
export const restTransport: Transport = {
  name: "REST",
  async enter(principal) {
    const key = principal.who === "service" ? embedded.secretKey : embedded.publishableKey;
    const client = createClient(embedded.supabaseUrl, key, {
      auth: { persistSession: false, autoRefreshToken: false },
      db: { retry: false },
      ...(principal.claims
        ? { global: { headers: { Authorization: `Bearer ${await sessionToken(principal)}` } } }
        : {}),
    });
    return {
      select: (table, ids, column = "id") => outcome(client.from(table).select().in(column, ids)),
      insert: (table, row) => outcome(client.from(table).insert(row).select()),
      update: (table, id, change, column = "id") =>
        outcome(client.from(table).update(change).eq(column, id).select()),
      remove: (table, id, column = "id") => outcome(client.from(table).delete().eq(column, id).select()),
      call: (name, args) => outcome(client.rpc(name, args)),
    };
  },
};

async function sessionToken({ claims }: Principal): Promise<string> {
  const { signingKey, issuer } = embedded;
  return new SignJWT({ sid: `sess_${crypto.randomUUID()}`, sts: "active", v: 2, ...claims })
    .setProtectedHeader({ alg: "RS256", kid: signingKey.kid ?? "", typ: "JWT" })
    .setIssuer(issuer)
    .setIssuedAt()
    .setNotBefore("-10s")
    .setExpirationTime("1h")
    .sign(await importJWK(signingKey, "RS256"));
}

async function outcome(request: PromiseLike<PostgrestSingleResponse<unknown>>): Promise<Outcome> {
  const { data, error } = await request;
  if (error) return { sqlState: error.code || error.message };
  return { rows: Array.isArray(data) ? data : [{ value: data }] };
}
