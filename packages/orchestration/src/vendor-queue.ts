import type { Vendor } from "@smarteros/connectors";
import PQueue from "p-queue";

/** Runs work in the queue of a vendor; resolves and rejects as the work does. */
export type VendorQueue = <T>(vendor: Vendor, work: () => Promise<T>) => Promise<T>;

/**
 * Limits the concurrency of work per vendor in this process. Work that exceeds it waits in a queue of its vendor, in
 * which `low` priority comes last.
 */
export function createVendorQueue(concurrency: number) {
  const queues = new Map<Vendor, PQueue>();
  return <T>(vendor: Vendor, work: () => Promise<T>, priority: "normal" | "low" = "normal"): Promise<T> => {
    const queue = queues.get(vendor) ?? new PQueue({ concurrency });
    queues.set(vendor, queue);
    return queue.add(work, { priority: priority === "normal" ? 1 : 0 });
  };
}
