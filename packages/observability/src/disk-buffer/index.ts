export { insertRows } from "./insert-rows.ts";
export { type DiskBuffer, openDiskBuffer } from "./shared-file.ts";
