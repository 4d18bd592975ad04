import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { type HttpBindings, serve } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { systemClock } from "../system-clock.ts";
import type { Vendor } from "../vendors.ts";
import { brokenResponse } from "./broken-response.ts";
import { type Controlled, controlOf, fromThisMachine } from "./control.ts";
import { createFaults } from "./faults.ts";
import { persistState, type SandboxStore } from "./stored-state.ts";
import type { VendorFakeKind } from "./vendor-fake.ts";

/** A sandbox that listens on loopback. */
export type Sandbox = Controlled & {
  url: string;
  /** Environment settings of a connector to it. */
  settings: Record<string, string>;
  stop(): Promise<void>;
};

/** A call of the vendor's API, reported when it arrives and when it has taken effect, before the response. */
export type SandboxCall = {
  vendor: Vendor;
  method: string;
  path: string;
  phase: "arrived" | "took effect";
};

export type SandboxOptions = {
  /** A free port when omitted or 0. */
  port?: number | undefined;
  /** Without a store, the state is lost when the process ends. */
  store?: SandboxStore | undefined;
  /** Runs before and after each call, which waits for it. It may activate a fault for this call. */
  onCall?: ((call: SandboxCall) => unknown) | undefined;
};

const maxCalls = 1_000;
/** Path of the control API. */
const control = "/__sandbox";

/** Starts one vendor's sandbox on 127.0.0.1. */
export async function startSandbox(kind: VendorFakeKind, options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, store, onCall } = options;
  const faults = createFaults();
  const conditions = { ...kind.conditions };
  const current = { state: kind.fresh(), conditions, faults };
  const persisted = persistState(kind, current, store);
  const world = { clock: systemClock, conditions };
  let calls: { method: string; path: string }[] = [];
  let fake = kind.create(world, current.state);

  const sandbox = {
    faults,
    conditions,
    calls: () => calls,
    resources: () => fake.resources(),
    reset() {
      current.state = kind.fresh();
      fake = kind.create(world, current.state);
      calls = [];
      faults.clear();
      Object.assign(conditions, kind.conditions);
      persisted.changed();
    },
  };

  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(fromThisMachine);
  app.route(control, controlOf(kind.vendor, sandbox, persisted.changed));
  app.all("*", async (context) => {
    const { method, url } = context.req;
    const { pathname: path } = new URL(url);
    calls = [...calls.slice(1 - maxCalls), { method, path }];
    const take = async () => {
      const response = await fake.app.fetch(context.req.raw);
      if (method !== "GET") persisted.changed();
      await onCall?.({ vendor: kind.vendor, method, path, phase: "took effect" });
      return response;
    };
    await onCall?.({ vendor: kind.vendor, method, path, phase: "arrived" });
    const affecting = faults.take(method, path);
    if (affecting.length > 0) persisted.changed();
    for (const one of affecting) {
      if (one.fault === "latency") await setTimeout(one.ms);
    }
    const [broken] = affecting.filter((one) => one.fault !== "latency");
    if (broken?.fault !== "reset" && broken?.fault !== "reset_after_commit") {
      return (broken && brokenResponse(broken, fake.refuse)) ?? take();
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
      persisted.save();
    },
  };
}
