import { Hono, type MiddlewareHandler } from "hono";
import * as z from "zod";
import { type Faults, fault } from "./faults.ts";
import type { Conditions, SandboxResource } from "./vendor-fake.ts";

/** Operations that a developer can use on a sandbox. */
export type Controlled = {
  faults: Faults;
  conditions: Conditions;
  calls(): readonly { method: string; path: string }[];
  resources(): SandboxResource[];
  reset(): void;
};

/** Responds 403 to requests of web pages, which have an Origin, and to host names other than loopback (DNS rebinding). */
export const fromThisMachine: MiddlewareHandler = async (context, next) => {
  const host = (context.req.header("host") ?? "").replace(/:\d+$/, "");
  const isForeign = !["127.0.0.1", "localhost"].includes(host) || context.req.header("origin") !== undefined;
  if (isForeign) return context.json({ error: "Only from this machine, and from no page." }, 403);
  return next();
};

/** Creates the control API of a sandbox for developers on this machine. Calls `changed` after each change. */
export function controlOf(vendor: string, sandbox: Controlled, changed: () => void) {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    if (context.req.method !== "GET") changed();
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
