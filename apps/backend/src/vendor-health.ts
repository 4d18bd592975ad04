import { type Connector, type Connectors, type Health, type Vendor, vendors } from "@smarteros/connectors";

const keptForMs = 30_000;
const deadlineMs = 4_000;

export type VendorHealth = () => Promise<Record<Vendor, Health | null>>;

/**
 * Builds the check of all vendors that are set up, side by side: one flight at a time, kept half a minute, so that nobody
 * can flood them. Null for a vendor that is not set up.
 */
export function vendorHealth({ configured }: Connectors): VendorHealth {
  const flights = new Map<Vendor, { result: Promise<Health | null>; endsAt: number }>();

  function check(vendor: Vendor): Promise<Health | null> {
    const connector = configured[vendor] as Connector | undefined;
    if (!connector) return Promise.resolve(null);
    const known = flights.get(vendor);
    if (known && known.endsAt > performance.now()) return known.result;
    const flight = { result: examine(connector), endsAt: Number.POSITIVE_INFINITY };
    flights.set(vendor, flight);
    flight.result.finally(() => {
      flight.endsAt = performance.now() + keptForMs;
    });
    return flight.result;
  }

  return async () => {
    const all = await Promise.all(vendors.map(async (vendor) => [vendor, await check(vendor)] as const));
    return Object.fromEntries(all) as Record<Vendor, Health | null>;
  };
}

async function examine(connector: Connector): Promise<Health> {
  const signal = AbortSignal.timeout(deadlineMs);
  return connector.health(signal).catch((thrown) => {
    if (!signal.aborted) throw thrown;
    const late = {
      ok: false,
      latencyMs: deadlineMs,
      kind: "unavailable",
      remedy: "check_service",
    } as const;
    return { process: late, credential: late };
  });
}
