export { type DiskBuffer, openDiskBuffer } from "./disk-buffer.ts";
export { insertRows } from "./insert-rows.ts";
export { projectName } from "./process-files.ts";
