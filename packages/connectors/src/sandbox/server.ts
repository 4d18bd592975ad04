import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { type HttpBindings, serve } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import * as z from "zod";
import { systemClock } from "../system-clock.ts";
import { createFaults, type Fault, type Faults, fault, isRefusal } from "./faults.ts";
import type { Conditions, SandboxResource, VendorFake, VendorFakeKind } from "./vendor-fake.ts";

/** One vendor as it runs on loopback. */
export type Sandbox = {
  url: string;
  /** The settings with which a connector reaches it, by their names in an environment. */
  settings: Record<string, string>;
  faults: Faults;
  /** How it is set up; may be written to. */
  conditions: Conditions;
  /** The calls that reached it, the last thousand. */
  calls(): readonly { method: string; path: string }[];
  resources(): SandboxResource[];
  /** Forgets everything. */
  reset(): void;
  stop(): Promise<void>;
};

const mostCalls = 1_000;
/** The path under which a person looks into a sandbox and breaks it. */
const control = "/__sandbox";

/** Starts one vendor's sandbox on 127.0.0.1; port 0 is any free one. */
export async function startSandbox(kind: VendorFakeKind, port = 0): Promise<Sandbox> {
  const faults = createFaults();
  const conditions = { ...kind.conditions };
  const world = { clock: systemClock, conditions };
  let calls: { method: string; path: string }[] = [];
  let fake = kind.create(world);

  const sandbox = {
    faults,
    conditions,
    calls: () => calls,
    resources: () => fake.resources(),
    reset() {
      fake = kind.create(world);
      calls = [];
      faults.clear();
      Object.assign(conditions, kind.conditions);
    },
  };

  const app = new Hono<{ Bindings: HttpBindings }>();
  app.route(control, controlOf(kind.vendor, sandbox));
  app.all("*", async (context) => {
    const { method, url } = context.req;
    const { pathname: path } = new URL(url);
    calls = [...calls.slice(1 - mostCalls), { method, path }];
    const met = faults.take(method, path);
    for (const one of met) {
      // biome-ignore lint/performance/noAwaitInLoops: two delays add up.
      if (one.fault === "latency") await setTimeout(one.ms);
    }
    const [broken] = met.filter((one) => one.fault !== "latency");
    if (broken?.fault !== "reset" && broken?.fault !== "reset_after_commit") {
      return (broken && answerOf(broken, fake.refuse)) ?? fake.app.fetch(context.req.raw);
    }
    if (broken.fault === "reset_after_commit") await fake.app.fetch(context.req.raw);
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
    },
  };
}

/** The way in for a person on this machine. A page of another origin is refused, and so is a name that leads here. */
function controlOf(vendor: string, sandbox: Omit<Sandbox, "url" | "settings" | "stop">) {
  const app = new Hono();
  app.use(async (context, next) => {
    const host = (context.req.header("host") ?? "").replace(/:\d+$/, "");
    const isForeign =
      !["127.0.0.1", "localhost"].includes(host) || context.req.header("origin") !== undefined;
    if (isForeign) return context.json({ error: "Only from this machine, and from no page." }, 403);
    return next();
  });
  app.get("/", (context) => {
    const { conditions } = sandbox;
    const byTenant = Object.groupBy(sandbox.resources(), ({ tenantId }) => tenantId ?? "nobody");
    return context.json({ vendor, conditions, faults: sandbox.faults.list(), tenants: byTenant });
  });
  app.get("/calls", (context) => context.json(sandbox.calls()));
  app.post("/faults", async (context) => {
    const given = fault.safeParse(await context.req.json().catch(() => undefined));
    if (!given.success) return context.json({ error: z.prettifyError(given.error) }, 400);
    sandbox.faults.add(given.data);
    return context.json(sandbox.faults.list(), 201);
  });
  app.delete("/faults", (context) => {
    sandbox.faults.clear();
    return context.body(null, 204);
  });
  app.put("/conditions", async (context) => {
    const names = Object.keys(sandbox.conditions);
    const known = z.partialRecord(z.enum(names as [string, ...string[]]), z.boolean());
    const given = known.safeParse(await context.req.json().catch(() => undefined));
    if (!given.success) return context.json({ error: z.prettifyError(given.error) }, 400);
    return context.json(Object.assign(sandbox.conditions, given.data));
  });
  app.post("/reset", (context) => {
    sandbox.reset();
    return context.body(null, 204);
  });
  return app;
}

function answerOf(given: Fault, refuse: VendorFake["refuse"]): Response | undefined {
  if (isRefusal(given)) return refuse(given);
  switch (given.fault) {
    case "malformed":
      return new Response('{"id": 1, "na', { headers: { "Content-Type": "application/json" } });
    case "wrong_shape":
      return Response.json({ surprise: [1, 2, 3] });
    case "oversized":
      return new Response(`"${"x".repeat(5 * 1_048_576)}"`, {
        headers: { "Content-Type": "application/json" },
      });
    case "bad_gateway":
      return new Response("<html><h1>502 Bad Gateway</h1></html>", {
        status: 502,
        headers: { "Content-Type": "text/html" },
      });
    case "redirect":
      return new Response(null, { status: 302, headers: { Location: "https://elsewhere.test/" } });
    default:
      return undefined;
  }
}
