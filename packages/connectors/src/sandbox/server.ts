import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { type HttpBindings, serve } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { type Vendor, vendorNames } from "../vendors.ts";
import { cutOff, lagging, shortened } from "./broken-list.ts";
import { brokenResponse } from "./broken-response.ts";
import { type Controlled, controlOf, fromThisMachine } from "./control.ts";
import { createFaults } from "./faults.ts";
import { type SandboxClock, systemSandboxClock } from "./sandbox-clock.ts";
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
  clock?: SandboxClock | undefined;
};

const maxCalls = 1_000;
/** Path of the control API. */
const control = "/__sandbox";

/** Starts one vendor's sandbox on 127.0.0.1. */
export async function startSandbox(kind: VendorFakeKind, options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, store, onCall, clock = systemSandboxClock } = options;
  const faults = createFaults();
  const conditions = { ...kind.conditions };
  const current = { state: kind.fresh(), conditions, faults };
  const persisted = persistState(kind, current, store);
  const world = { clock, conditions };
  // Changes when effects that are still to come no longer count.
  let era = {};
  let calls: { method: string; path: string }[] = [];
  let fake = kind.create(world, current.state);

  const sandbox = {
    faults,
    conditions,
    calls: () => calls,
    resources: () => fake.resources(),
    reset() {
      era = {};
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
    // A person who follows a link of the console. Connectors do not accept HTML.
    if (method === "GET" && context.req.header("accept")?.includes("text/html"))
      return context.html(
        `<!doctype html><title>${kind.vendor}</title><p>${sandboxPage(vendorNames[kind.vendor])}</p>`,
      );
    calls = [...calls.slice(1 - maxCalls), { method, path }];
    const { outgoing } = context.env;
    const take = async (request = context.req.raw) => {
      const response = await fake.app.fetch(request);
      if (method !== "GET") persisted.changed();
      await onCall?.({ vendor: kind.vendor, method, path, phase: "took effect" });
      return response;
    };
    const close = () => {
      outgoing.destroy();
      return RESPONSE_ALREADY_SENT;
    };
    await onCall?.({ vendor: kind.vendor, method, path, phase: "arrived" });
    const affecting = faults.take(method, path);
    if (affecting.length > 0) persisted.changed();
    for (const one of affecting) {
      if (one.fault === "latency") await setTimeout(one.ms);
    }
    // The latest one, as a response is broken in one way.
    const broken = affecting.findLast((one) => one.fault !== "latency");
    switch (broken?.fault) {
      case "reset":
        return close();
      case "reset_after_commit":
        await take();
        return close();
      case "late_commit": {
        const request = await copyOf(context.req.raw);
        const current = era;
        clock.after(broken.ms, async () => (current === era ? take(request) : undefined));
        return close();
      }
      case "error_after_commit":
        await take();
        return fake.refuse({ fault: "error" });
      case "cut":
        return cutOff(await take(), outgoing as ServerResponse);
      case "short_list":
        return shortened(await take());
      case "lag":
        return take(lagging(context.req.raw, broken.ms));
      default:
        return (broken && brokenResponse(broken, fake.refuse)) ?? take();
    }
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
      era = {};
      const closed = new Promise<void>((done) => server.close(() => done()));
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
      persisted.save();
    },
  };
}

/** Copies a request with its body, for use after its connection is closed. */
async function copyOf(request: Request): Promise<Request> {
  const { method, url, headers } = request;
  const body = await request.arrayBuffer();
  return new Request(url, { method, headers, body: body.byteLength > 0 ? body : null });
}

const sandboxPage = (name: string) =>
  `Este es el sandbox de ${name}: acá no hay pantallas. Con el ${name} de verdad, esta dirección abre el recurso de la empresa.`;
