export { asAnonymous, asService, asUser, type SupabaseClient, type SupabaseProject } from "./client.ts";
export type { Database, Json } from "./database.types.ts";
export { type DatabaseError, databaseError, isKeyRefused } from "./errors.ts";
export { type SigningKey, tokenMinter } from "./mint.ts";
export { ping } from "./ping.ts";
export { newerThan, olderThan, type RowsQuery, readRows } from "./read-rows.ts";
export { countOf, type DatabaseResponse, dataOf, requireSuccess, rowsOf } from "./rows.ts";
export { silenceNotice, workerSilence } from "./worker-silence.ts";
