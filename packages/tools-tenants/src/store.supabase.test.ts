import { asUser } from "@smarteros/supabase";
import { importJWK, SignJWT } from "jose";
import { inject } from "vitest";
import { describeTenantStore } from "./store.contract.ts";
import { supabaseTenants } from "./supabase.ts";

const embedded = inject("embedded");
const project = { url: embedded.supabaseUrl, publishableKey: embedded.publishableKey };

describeTenantStore("Supabase", async ({ userId, role }) => {
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
  return supabaseTenants(asUser(project, token));
});
