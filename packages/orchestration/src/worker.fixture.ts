import type { Vendor } from "@smarteros/connectors";
import type { TaskStore } from "@smarteros/queue";
import { supabaseTasks } from "@smarteros/queue/supabase";
import { asService } from "@smarteros/supabase";
import { openWays } from "./namespace.fixture.ts";
import { startProvisioner } from "./provisioner.ts";
import { connectorsFor } from "./sandboxes.fixture.ts";
import { supabaseProvisioning } from "./supabase.ts";

// A worker in a separate process, which tests kill. It can kill itself at a place between its database calls.

export type WorkerSettings = {
  supabaseUrl: string;
  secretKey: string;
  vendors: Record<string, string>;
  workerId: string;
  leaseMs: number;
  settleAfterMs: number;
  /** Milliseconds that the clock of this process is ahead. */
  clockAheadMs?: number | undefined;
  /** Sockets out of the network namespace that it runs in. */
  ways?: string | undefined;
};
/** The nth database call of a kind after the message; `complete` may be limited to a vendor. */
export type StorePlace = {
  call: "claim" | "beginStep" | "complete";
  nth: number;
  vendor?: Vendor;
  phase: "before" | "after";
};

const settings: WorkerSettings = JSON.parse(process.argv[2] ?? "");
const { clockAheadMs = 0 } = settings;
if (clockAheadMs > 0) {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given: [number]) {
      super(...(given.length > 0 ? given : ([Real.now() + clockAheadMs] as const)));
    }
    static override now = () => Real.now() + clockAheadMs;
  } as DateConstructor;
}
if (settings.ways) await openWays(settings.ways);
const service = asService({ url: settings.supabaseUrl }, settings.secretKey);
const [store, tasks] = [supabaseProvisioning(service), supabaseTasks(service)];
const vendorOf = new Map<string, string>();

let place: StorePlace | undefined;
let passed = 0;
/** Makes a database call at which the worker kills itself, if it is the place. */
function killing<Given extends unknown[], Result>(
  name: StorePlace["call"],
  call: (...given: Given) => Promise<Result>,
  isMeant: (given: Given, result?: Result) => boolean = () => true,
) {
  const dieIf = (phase: StorePlace["phase"], meant: boolean) => {
    if (place?.call === name && place.phase === phase && meant && ++passed === place.nth)
      process.kill(process.pid, "SIGKILL");
  };
  return async (...given: Given) => {
    dieIf("before", isMeant(given));
    const result = await call(...given);
    dieIf("after", isMeant(given, result));
    return result;
  };
}

const claim: TaskStore["claim"] = async (...given) => {
  const claimed = await tasks.claim(...given);
  for (const { id, queue } of claimed) vendorOf.set(id, queue);
  return claimed;
};

await startProvisioner({
  store: { ...store, beginStep: killing("beginStep", store.beginStep) },
  tasks: {
    ...tasks,
    claim: killing("claim", claim, (_, claimed) => (claimed?.length ?? 0) > 0),
    complete: killing(
      "complete",
      tasks.complete,
      ([[ended]]) => place?.vendor === undefined || vendorOf.get(ended?.id ?? "") === place.vendor,
    ),
  },
  connectors: connectorsFor(settings.vendors, settings.settleAfterMs),
  workerId: settings.workerId,
  logger: { info: () => undefined, error: () => undefined },
  queueSettings: { leaseMs: settings.leaseMs, breakerPauseMs: 1_000, retryPauseMs: 50, maxRetryPauseMs: 200 },
  deadlineMs: 5_000,
  pollEveryMs: 100,
});
process.on("message", (dieAt: StorePlace) => {
  passed = 0;
  place = dieAt;
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
