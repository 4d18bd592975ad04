import { setImmediate } from "node:timers/promises";
import {
  type AuditStore,
  createCatalog,
  createPipeline,
  type Principal,
  principalFromClaims,
  type RoleRules,
  type Tool,
} from "@smarteros/core";
import { localIssuer, sessionVerifier } from "@smarteros/identity";
import type { McpSession, McpTools } from "@smarteros/mcp";
import { createRecorder, openAuditBuffer } from "@smarteros/observability";
import {
  selfAuditStore,
  serviceAuditStore,
  supabaseCallCounts,
  supabaseCallLog,
  supabaseHealthLog,
} from "@smarteros/observability/supabase";
import { type ObservabilityPorts, observabilityTools } from "@smarteros/observability/tools";
import { memoryLimiter } from "@smarteros/rate-limit";
import { asService, asUser, tokenMinter } from "@smarteros/supabase";
import { type BackendPorts, createBackendTools } from "@smarteros/tools-fastapi";
import { createBackend } from "@smarteros/tools-fastapi/backend-client";
import { type TenantPorts, tenantTools } from "@smarteros/tools-tenants";
import { supabaseTenants } from "@smarteros/tools-tenants/supabase";
import type { CredentialSettings, StdioSettings } from "./env.ts";
import { logger } from "./logger.ts";
import { commandFetcher, localFetcher, tokenSource } from "./token-source.ts";
import { createWorkload } from "./workload.ts";

type Ports = TenantPorts & ObservabilityPorts & Partial<BackendPorts>;

/** Composes what answers tool calls. It is loaded at the first list or call. */
export function loadTools(settings: StdioSettings): McpTools<Ports> & { drain(): Promise<void> } {
  const { supabase, logToDatabase } = settings;
  const serviceStore = supabase.serviceRoleKey
    ? serviceAuditStore(asService(supabase, supabase.serviceRoleKey), () => ({
        tools: catalog.names(),
        settings: settings.databaseSettings,
      }))
    : undefined;
  const buffer =
    serviceStore && logToDatabase
      ? openAuditBuffer(settings.auditBuffer, { url: supabase.url, store: serviceStore, logger })
      : undefined;
  const recorder = createRecorder({ logger, lifetime: serviceStore ? "long" : "short", buffer });
  const backend = settings.backend && createBackend(settings.backend);
  // Without a backend its tools are not there, so that none of them ever looks for the port.
  const catalog = createCatalog<Ports>([
    ...tenantTools,
    ...observabilityTools,
    ...(settings.backend ? (createBackendTools(settings.backend) as Tool<Ports>[]) : []),
  ]);
  const workload = createWorkload();
  const pipeline = createPipeline<Ports>({
    enabled: settings.enabled,
    catalog,
    limiter: memoryLimiter({ calls: settings.callsPerMinute }),
    recorder,
    defer: (work) => workload.add(setImmediate().then(work)),
  });
  const identify = identityOf(settings);

  return {
    catalog,
    pipeline: { invoke: (invocation) => workload.add(pipeline.invoke(invocation)) },
    async session(): Promise<McpSession<Ports>> {
      const { token, principal } = await identify();
      const client = asUser(supabase, token);
      const audit: AuditStore | undefined = logToDatabase
        ? (serviceStore ?? selfAuditStore(client))
        : undefined;
      return {
        principal,
        ports: {
          tenants: supabaseTenants(client),
          calls: supabaseCallLog(client),
          counts: supabaseCallCounts(client),
          health: supabaseHealthLog(client),
          ...(backend ? { backend } : {}),
        },
        audit,
      };
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
    // A minted token carries no role.
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
