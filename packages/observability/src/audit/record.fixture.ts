import { type InvocationRecord, uuidv7 } from "@smarteros/core";

/** A call as a transport hands it over, of a size that reads have. */
export function exampleRecord(changes: Partial<InvocationRecord> = {}): InvocationRecord {
  return {
    id: uuidv7(),
    userId: "user_1",
    tool: "tenants.list",
    args: { limit: 50, password: "hunter2" },
    result: { tenants: Array.from({ length: 3 }, () => ({ id: uuidv7(), business_name: "Los Andes SpA" })) },
    durationMs: 12,
    success: true,
    code: "ok",
    transport: "http",
    requestId: "request-1",
    calls: 1,
    createdAt: new Date(),
    ...changes,
  };
}
