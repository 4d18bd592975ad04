import { createPrincipal, type Principal, uuidv7 } from "@smarteros/core";
import { asUser } from "@smarteros/supabase";
import { importJWK, SignJWT } from "jose";
import { expect, inject, test } from "vitest";
import { randomRut } from "./rut.samples.ts";
import { describeTenantStore } from "./store.contract.ts";
import { supabaseTenants } from "./supabase.ts";

const embedded = inject("embedded");
const project = { url: embedded.supabaseUrl, publishableKey: embedded.publishableKey };

async function clientOf({ userId, role }: Principal) {
  const token = await new SignJWT({
    role: "authenticated",
    ...(role === "operator" ? {} : { metadata: { role } }),
  })
    .setProtectedHeader({ alg: "RS256", kid: embedded.signingKey.kid ?? "" })
    .setIssuer(embedded.issuer)
    .setSubject(userId)
    .setIssuedAt()
    .setExpirationTime("5m")
    .sign(await importJWK(embedded.signingKey, "RS256"));
  return asUser(project, token);
}

describeTenantStore("Supabase", async (principal) => supabaseTenants(await clientOf(principal)));

test("deprovisioning is an event where it was asked for, and only where the tenant may be deleted", async () => {
  const [owner, stranger] = [`user_${uuidv7()}`, `user_${uuidv7()}`].map((id) =>
    createPrincipal(id, "operator"),
  ) as [Principal, Principal];
  const call = {
    principal: owner,
    requestId: "r",
    invocationId: uuidv7(),
    signal: AbortSignal.timeout(20_000),
  };
  const [client, other] = await Promise.all([clientOf(owner), clientOf(stranger)]);
  const { id } = await supabaseTenants(client).create({ rut: randomRut(), businessName: "Sur SpA" }, call);
  const events = async () => {
    const { data } = await client
      .from("tenant_events")
      .select("type")
      .eq("tenant_id", id)
      .order("id")
      .throwOnError();
    return data.map(({ type }) => type);
  };

  await supabaseTenants(client).delete(id, { deprovision: false }, call);
  await supabaseTenants(other).delete(id, { deprovision: true }, { ...call, principal: stranger });
  expect(await events()).toEqual(["tenant.created", "tenant.deleted"]);
  await supabaseTenants(client).delete(id, { deprovision: true }, call);
  expect(await events()).toEqual(["tenant.created", "tenant.deleted", "tenant.deprovision_requested"]);
});
