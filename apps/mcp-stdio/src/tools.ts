import { setImmediate } from "node:timers/promises";
import { type Principal, principalFromClaims, type RoleRules } from "@smarteros/core";
import { createHost, type HostPorts } from "@smarteros/host";
import { localIssuer, sessionVerifier } from "@smarteros/identity";
import type { McpSession, McpTools } from "@smarteros/mcp";
import { tokenMinter } from "@smarteros/supabase";
import type { CredentialSettings, StdioSettings } from "./env.ts";
import { logger } from "./logger.ts";
import { commandFetcher, localFetcher, tokenSource } from "./token-source.ts";
import { createWorkload } from "./workload.ts";

/** Composes the tools and their sessions. It is loaded at the first list or call. */
export function loadTools(settings: StdioSettings): McpTools<HostPorts> & { drain(): Promise<void> } {
  const workload = createWorkload();
  const { catalog, pipeline, recorder, forUser } = createHost(settings, {
    logger,
    defer: (work) => workload.add(setImmediate().then(work)),
  });
  const identify = identityOf(settings);

  return {
    catalog,
    pipeline: { invoke: (invocation) => workload.add(pipeline.invoke(invocation)) },
    async session(): Promise<McpSession<HostPorts>> {
      const { token, principal } = await identify();
      const { ports, audit } = forUser(token);
      return { principal, ports, audit };
    },
    /** Resolves when every call has ended and every record is stored. */
    async drain() {
      await workload.idle();
      await recorder.flush();
      await workload.idle();
    },
  };
}

type Identity = { token: string; principal: Principal };

function identityOf({ credential, supabase, roles }: StdioSettings): () => Promise<Identity> {
  if (credential.kind === "minted") {
    const mint = tokenMinter({ url: supabase.url, key: credential.key });
    // A minted token has no role claim.
    const principal = principalFromClaims({ sub: credential.userId }, roles);
    const source = tokenSource(() => mint(credential.userId));
    return async () => ({ token: await source(), principal });
  }
  const { source, verify } = verified(credential, supabase.url, roles);
  return async () => verify(await source());
}

function verified(
  credential: Exclude<CredentialSettings, { kind: "minted" }>,
  supabaseUrl: string,
  roles: RoleRules,
) {
  if (credential.kind === "local") {
    const local = localIssuer(supabaseUrl);
    return {
      source: tokenSource(localFetcher(local.tokenUrl, credential.user)),
      verify: sessionVerifier({ ...local, roles }),
    };
  }
  const fetcher = credential.command === undefined ? undefined : commandFetcher(credential.command);
  return {
    source: tokenSource(fetcher, credential.accessToken),
    verify: sessionVerifier({ ...credential.issuer, roles }),
  };
}
