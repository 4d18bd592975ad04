import { type Connector, type Connectors, type Health, type Vendor, vendors } from "@smarteros/connectors";
import { cached } from "@smarteros/core/cached";

const ttlMs = 30_000;
const timeoutMs = 4_000;

export type VendorHealth = () => Promise<Record<Vendor, Health | null>>;

/**
 * Builds the check of all vendors, side by side: one run a vendor at a time, its result cached for 30 s, so that callers
 * cannot flood them. Null for a vendor that is not configured.
 */
export function vendorHealth({ configured }: Connectors): VendorHealth {
  const checks = vendors.map((vendor) => {
    const connector: Connector | undefined = configured[vendor];
    return [vendor, connector ? cached(() => check(connector), ttlMs) : async () => null] as const;
  });
  return async () => {
    const all = await Promise.all(checks.map(async ([vendor, read]) => [vendor, await read()] as const));
    return Object.fromEntries(all) as Record<Vendor, Health | null>;
  };
}

async function check(connector: Connector): Promise<Health> {
  const signal = AbortSignal.timeout(timeoutMs);
  return connector.health(signal).catch((thrown) => {
    if (!signal.aborted) throw thrown;
    const late = {
      ok: false,
      latencyMs: timeoutMs,
      kind: "unavailable",
      remedy: "check_service",
    } as const;
    return { process: late, credential: late };
  });
}
