import { withoutTrailingSlash } from "@smarteros/core/settings";
import type { Check } from "../check.ts";
import { type Finding, finding } from "../findings.ts";
import type { Probes } from "../probes.ts";
import type { Subject } from "../subject.ts";

type Backend = NonNullable<Subject["backend"]>;

/** Calls the backend: whether it responds, accepts our assertion, and has what the tools may call. */
export const backendCheck: Check = async ({ backend }, probes) => {
  if (!backend) return undefined;
  const health = await probes.backend();
  if (!health) return [finding("backend_unreachable")];
  if (health.status !== 200) return [finding("backend_failing", { status: health.status })];
  const base = withoutTrailingSlash(backend.url);
  const found = await Promise.all([secretFinding(base, backend, probes), pathFinding(base, backend, probes)]);
  return found.filter((one) => one !== undefined);
};

/** Calls the backend of `services.*` and `n8n.*`: whether it responds and accepts our assertion. */
export const provisioningBackendCheck: Check = async ({ provisioningBackend }, probes) => {
  if (!provisioningBackend) return undefined;
  const base = withoutTrailingSlash(provisioningBackend.url);
  const health = await probes.ask(`${base}/health`);
  if (!health) return [finding("services_backend_unreachable")];
  if (health.status !== 200) return [finding("services_backend_failing", { status: health.status })];
  const isRefused = await refusesAssertion(base, provisioningBackend.assertion, probes);
  return isRefused ? [finding("services_backend_secret_refused")] : [];
};

async function secretFinding(
  base: string,
  { assertion }: Backend,
  probes: Probes,
): Promise<Finding | undefined> {
  if (!(await refusesAssertion(base, assertion, probes))) return undefined;
  return finding(assertion ? "backend_secret_refused" : "backend_secret_missing");
}

// A list that is empty for a caller without tenants. Another service may know no such path, and ask for no assertion.
async function refusesAssertion(
  base: string,
  assertion: Backend["assertion"],
  probes: Probes,
): Promise<boolean> {
  const headers: Record<string, string> = assertion ? { Authorization: `Bearer ${await assertion()}` } : {};
  return (await probes.ask(`${base}/tenants`, { headers }))?.status === 401;
}

async function pathFinding(base: string, { paths }: Backend, probes: Probes): Promise<Finding | undefined> {
  const reply = await probes.ask(`${base}/openapi.json`);
  const described = reply?.status === 200 ? operationsOf(reply.body) : undefined;
  if (!described) return undefined;
  const missing = paths.filter(({ method, path }) => !described.has(`${method} ${withoutNames(path)}`));
  if (missing.length === 0) return undefined;
  return finding("backend_paths_missing", {
    paths: missing.map(({ method, path }) => `${method} ${path}`).join(", "),
  });
}

function operationsOf(body: unknown): Set<string> | undefined {
  const paths = typeof body === "object" && body !== null && "paths" in body ? body.paths : undefined;
  if (typeof paths !== "object" || paths === null) return undefined;
  return new Set(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods ?? {}).map((method) => `${method.toUpperCase()} ${withoutNames(path)}`),
    ),
  );
}

/** Removes the names of a path's parameters: `/tenants/:id` and `/tenants/{tenant_id}` are then the same. */
function withoutNames(path: string): string {
  return path.replace(/\/$/, "").replace(/(?<=\/)(?::[^/]+|\{[^/}]+\})/g, "{}");
}
