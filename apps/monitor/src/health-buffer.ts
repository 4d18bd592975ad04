import { type DiskBuffer, openDiskBuffer } from "@smarteros/observability/disk-buffer";
import { type HealthRow, healthRow } from "./health-row.ts";

/** Opens the file that buffers results. Monitors may share it, and each append is synced: there are few, once a minute. */
export function openHealthBuffer(file: string): DiskBuffer<HealthRow> {
  return openDiskBuffer(file, { parse: (value) => healthRow.safeParse(value).data, sync: "each" });
}
