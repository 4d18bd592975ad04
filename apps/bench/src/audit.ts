import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type InvocationRecord, lineLogger, uuidv7 } from "@smarteros/core";
import { startSupabase } from "@smarteros/local/stack";
import { createRecorder, openAuditBuffer } from "@smarteros/observability";
import { serviceAuditStore } from "@smarteros/observability/supabase";
import { asService } from "@smarteros/supabase";
import { createHosts } from "./audit/hosts.ts";
import { compare, interleaved, median } from "./measure.ts";
import { type Size, sized } from "./size.ts";

const quiet = lineLogger({ info: () => undefined, error: () => undefined });
const peer = "kept in memory alone";
const none = { better: "lower", atMost: 0, of: "value" } as const;

/**
 * Measures how long a read waits for its record, and how many records a killed process and an unreachable database
 * lose.
 */
export async function audit(size: Size) {
  const lives = sized(size, 50, 2);
  const outageMs = sized(size, 60_000, 1_000);
  const folder = mkdtempSync(path.join(tmpdir(), "smarteros-bench-"));
  const stack = await startSupabase({
    dataDirectory: path.join(folder, "data"),
    webOrigin: "http://127.0.0.1:3000",
    log: () => undefined,
  });
  const hosts = await createHosts(stack, folder, sized(size, 10_000, 2_000));
  try {
    const [appended, inserted] = await cost(stack, path.join(folder, "cost"), size);
    return [
      compare(
        "audit: what a read waits for its record, p50",
        "ms",
        [appended, inserted],
        "an insert of one row",
        {
          better: "lower",
          atMost: 0.2,
          of: "value",
        },
      ),
      compare(
        `audit: records lost over ${lives} kill -9 at 500 calls a second`,
        "rows",
        [await hosts.lostByKills(lives, "log"), await hosts.lostByKills(lives, "memory")],
        peer,
        none,
      ),
      compare(
        `audit: records lost in ${outageMs / 1_000} s without a database at 500 calls a second`,
        "rows",
        await Promise.all([hosts.lostByOutage(outageMs, "log"), hosts.lostByOutage(outageMs, "memory")]),
        peer,
        none,
      ),
    ];
  } finally {
    await hosts.stop();
    await stack.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the p50 in milliseconds of a record in the disk buffer and of an inserted one. */
async function cost(stack: { supabaseUrl: string; secretKey: string }, folder: string, size: Size) {
  const reads = sized(size, 500, 20);
  const store = serviceAuditStore(asService({ url: stack.supabaseUrl }, stack.secretKey));
  const place = { directory: folder, maximumBytes: 268_435_456 };
  const buffer = openAuditBuffer(place, { url: stack.supabaseUrl, store, logger: quiet });
  const log = createRecorder({ logger: quiet, lifetime: "long", buffer });
  const direct = createRecorder({ logger: quiet, lifetime: "short" });
  const append = async () => {
    const figures: number[] = [];
    for (let read = 0; read < reads; read++) {
      const record = aRead();
      const started = performance.now();
      void log.append?.(record, store);
      figures.push(performance.now() - started);
      await sleep(1);
    }
    return median(figures);
  };
  const insert = async () => {
    const figures: number[] = [];
    for (let read = 0; read < reads / 5; read++) {
      const record = aRead();
      const started = performance.now();
      await direct.record(record, store);
      figures.push(performance.now() - started);
    }
    return median(figures);
  };
  const figures = await interleaved(sized(size, 5, 1), append, insert);
  await log.flush();
  return figures;
}

/** Creates the record of a list of ten tenants, like `tenants.list`. */
function aRead(): InvocationRecord {
  const tenants = Array.from({ length: 10 }, () => ({
    id: uuidv7(),
    rut: "76.086.428-5",
    businessName: "Los Andes SpA",
    services: { crm: true, bot: false, erp: true, workflows: false, kpi: true },
  }));
  return {
    id: uuidv7(),
    userId: "user_bench",
    tool: "tenants.list",
    args: { limit: 10 },
    result: { tenants },
    durationMs: 4,
    success: true,
    code: "ok",
    transport: "http",
    requestId: uuidv7(),
    calls: 1,
    createdAt: new Date(),
  };
}
