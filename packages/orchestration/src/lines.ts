import type { Vendor } from "@smarteros/connectors";
import PQueue from "p-queue";

export type Limited = <T>(vendor: Vendor, work: () => Promise<T>) => Promise<T>;

/**
 * Lets so many pieces of work at each vendor go on at once, in this process; the others wait, those for `later` behind
 * all others.
 */
export function vendorLines(atOnce: number) {
  const lines = new Map<Vendor, PQueue>();
  return <T>(vendor: Vendor, work: () => Promise<T>, when: "now" | "later" = "now"): Promise<T> => {
    const line = lines.get(vendor) ?? new PQueue({ concurrency: atOnce });
    lines.set(vendor, line);
    return line.add(work, { priority: when === "now" ? 1 : 0 });
  };
}
