import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { type HttpBindings, serve } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { systemClock } from "../system-clock.ts";
import type { Vendor } from "../vendors.ts";
import { brokenAnswer } from "./broken-response.ts";
import { type Controlled, controlOf, fromThisMachine } from "./control.ts";
import { createFaults } from "./faults.ts";
import { keepState, type SandboxStore } from "./stored-state.ts";
import type { VendorFakeKind } from "./vendor-fake.ts";

/** One vendor as it runs on loopback. */
export type Sandbox = Controlled & {
  url: string;
  /** The settings with which a connector reaches it, by their names in an environment. */
  settings: Record<string, string>;
  stop(): Promise<void>;
};

/** A call of a vendor's own API: as it came, and as it took effect, before it is answered. */
export type SandboxCall = {
  vendor: Vendor;
  method: string;
  path: string;
  moment: "arrived" | "took effect";
};

export type SandboxOptions = {
  /** Any free one where it is left out or 0. */
  port?: number | undefined;
  /** Without one, everything is forgotten with the process. */
  store?: SandboxStore | undefined;
  /** Is told of each call, which waits for it; may switch on a fault that the call then meets. */
  onCall?: ((call: SandboxCall) => unknown) | undefined;
};

const mostCalls = 1_000;
/** The path under which a person looks into a sandbox and breaks it. */
const control = "/__sandbox";

/** Starts one vendor's sandbox on 127.0.0.1. */
export async function startSandbox(kind: VendorFakeKind, options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, store, onCall } = options;
  const faults = createFaults();
  const conditions = { ...kind.conditions };
  const held = { state: kind.fresh(), conditions, faults };
  const kept = keepState(kind, held, store);
  const world = { clock: systemClock, conditions };
  let calls: { method: string; path: string }[] = [];
  let fake = kind.create(world, held.state);

  const sandbox = {
    faults,
    conditions,
    calls: () => calls,
    resources: () => fake.resources(),
    reset() {
      held.state = kind.fresh();
      fake = kind.create(world, held.state);
      calls = [];
      faults.clear();
      Object.assign(conditions, kind.conditions);
      kept.changed();
    },
  };

  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(fromThisMachine);
  app.route(control, controlOf(kind.vendor, sandbox, kept.changed));
  app.all("*", async (context) => {
    const { method, url } = context.req;
    const { pathname: path } = new URL(url);
    calls = [...calls.slice(1 - mostCalls), { method, path }];
    const take = async () => {
      const answer = await fake.app.fetch(context.req.raw);
      if (method !== "GET") kept.changed();
      await onCall?.({ vendor: kind.vendor, method, path, moment: "took effect" });
      return answer;
    };
    await onCall?.({ vendor: kind.vendor, method, path, moment: "arrived" });
    const met = faults.take(method, path);
    if (met.length > 0) kept.changed();
    for (const one of met) {
      // biome-ignore lint/performance/noAwaitInLoops: two delays add up.
      if (one.fault === "latency") await setTimeout(one.ms);
    }
    const [broken] = met.filter((one) => one.fault !== "latency");
    if (broken?.fault !== "reset" && broken?.fault !== "reset_after_commit") {
      return (broken && brokenAnswer(broken, fake.refuse)) ?? take();
    }
    if (broken.fault === "reset_after_commit") await take();
    context.env.outgoing.destroy();
    return RESPONSE_ALREADY_SENT;
  });

  const { promise: listening, resolve, reject } = Promise.withResolvers<AddressInfo>();
  const server = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" }, resolve);
  server.once("error", reject);
  const url = `http://127.0.0.1:${(await listening).port}`;
  return {
    ...sandbox,
    url,
    settings: kind.settings(url) as Record<string, string>,
    async stop() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
      kept.save();
    },
  };
}
