import { type Context, Hono } from "hono";
import * as z from "zod";
import type { Refusal } from "../sandbox/faults.ts";
import {
  type FakeWorld,
  listed,
  table,
  type VendorFake,
  type VendorFakeKind,
} from "../sandbox/vendor-fake.ts";

const apiKey = "mb_sandbox";
const templateId = 12;
const parentCollectionId = 4;

const conditions = {
  /** The process is still starting. */
  initializing: false,
  /** The search index lacks recent changes. */
  stale_index: false,
  /** The key may not read one of the template's questions, which a copy then omits without an error. */
  hidden_question: false,
  /** Drops descriptions without an error. */
  descriptions_dropped: false,
};

const record = z.object({
  id: z.int(),
  name: z.string(),
  description: z.string().nullable(),
  archived: z.boolean(),
  createdAt: z.number().default(0),
});
const collection = record.extend({ parentId: z.int().nullable() });
type Collection = z.output<typeof collection>;
const dashboard = record.extend({
  collection_id: z.int(),
  dashcards: z.array(z.object({ id: z.int(), card_id: z.int() })),
});
type Dashboard = z.output<typeof dashboard>;
const state = z.object({
  last: z.int(),
  collections: table(z.int(), collection),
  dashboards: table(z.int(), dashboard),
});
type State = z.output<typeof state>;

const name = z.string().trim().min(1);
const newCollection = z.object({
  name,
  description: z.string().nullish(),
  parent_id: z.int().positive().nullish(),
});
const copy = z.strictObject({
  name: name.optional(),
  description: z.string().nullish(),
  collection_id: z.int().positive().nullish(),
  collection_position: z.int().nullish(),
  is_deep_copy: z.boolean().default(false),
});
const change = z.object({
  name: name.optional(),
  description: z.string().nullish(),
  archived: z.boolean().optional(),
});

/** Simulates the part of Metabase 0.58 that the connector uses, with a template that contains dashboard questions. */
export const metabaseFake: VendorFakeKind<typeof conditions, State> = {
  vendor: "metabase",
  conditions,
  state,
  fresh,
  create,
  settings: (url) => ({
    METABASE_URL: url,
    METABASE_API_KEY: apiKey,
    METABASE_TEMPLATE_DASHBOARD_ID: String(templateId),
    METABASE_COLLECTION_ID: String(parentCollectionId),
  }),
};

function fresh(): State {
  const parent = {
    id: parentCollectionId,
    name: "SmarterOS",
    description: null,
    parentId: null,
    archived: false,
    createdAt: 0,
  };
  const template = {
    id: templateId,
    name: "Template",
    description: null,
    collection_id: parentCollectionId,
    archived: false,
    createdAt: 0,
    dashcards: [101, 102, 103].map((card, index) => ({ id: index + 1, card_id: card })),
  };
  return {
    last: 30,
    collections: new Map([[parent.id, parent]]),
    dashboards: new Map([[template.id, template]]),
  };
}

function create({ clock, conditions: now }: FakeWorld<typeof conditions>, held: State): VendorFake {
  const { collections, dashboards } = held;
  const described = (description: string | null | undefined) =>
    (now.descriptions_dropped ? undefined : description) ?? null;

  const app = new Hono();
  app.notFound(() => text(404, "API endpoint does not exist."));
  app.onError((thrown) => {
    if (!(thrown instanceof z.ZodError)) return failed();
    const errors = thrown.issues.map(({ path, message }) => [path.join("."), message]);
    return Response.json({ errors: Object.fromEntries(errors), "specific-errors": {} }, { status: 400 });
  });
  app.get("/api/health", (context) =>
    now.initializing
      ? context.json({ status: "initializing", progress: 0.4 }, 503)
      : context.json({ status: "ok" }),
  );
  app.use("/api/*", async (context, next) => {
    if (context.req.header("x-api-key") !== apiKey) return text(401, "Unauthenticated");
    return next();
  });
  app.get("/api/user/current", (context) => context.json({ id: 2, email: "api-key-user-1@api-key.invalid" }));
  app.get("/api/collection", (context) => {
    const archived = context.req.query("archived") === "true";
    const shown = listed(context, clock, collections.values()).filter((one) => one.archived === archived);
    return context.json([{ id: "root", name: "Our analytics" }, ...shown.map(showCollection)]);
  });
  app.post("/api/collection", async (context) => {
    const given = newCollection.parse(await context.req.json());
    if (given.parent_id && !collections.has(given.parent_id)) return text(404, "Not found.");
    const collection: Collection = {
      id: ++held.last,
      name: given.name,
      description: described(given.description),
      parentId: given.parent_id ?? null,
      archived: false,
      createdAt: clock.now(),
    };
    collections.set(collection.id, collection);
    return context.json(showCollection(collection));
  });
  app.get("/api/collection/:id/items", (context) => {
    const collection = collections.get(Number(context.req.param("id")));
    if (!collection) return text(404, "Not found.");
    const held = listed(context, clock, dashboards.values()).filter(
      (one) => one.collection_id === collection.id && !one.archived,
    );
    return page(context, held.map(showItem));
  });
  app.get("/api/search", (context) => {
    const { q = "", archived, search_engine: engine } = context.req.query();
    // The in-place engine reads the tables instead of the index.
    const isBehind = now.stale_index && engine !== "in-place";
    const found = listed(context, clock, dashboards.values()).filter(
      (one) =>
        !isBehind &&
        one.archived === (archived === "true") &&
        `${one.name} ${one.description ?? ""}`.toLowerCase().includes(q.toLowerCase()),
    );
    return page(context, found.map(showItem));
  });
  app.get("/api/dashboard/:id", (context) => {
    const dashboard = dashboards.get(Number(context.req.param("id")));
    return dashboard ? context.json(showDashboard(dashboard)) : text(404, "Not found.");
  });
  app.post("/api/dashboard/:id/copy", async (context) => {
    const template = dashboards.get(Number(context.req.param("id")));
    const given = copy.parse(await context.req.json());
    if (!template) return text(404, "Not found.");
    if (!given.is_deep_copy) {
      return text(
        400,
        "You cannot do a shallow copy of this dashboard because it contains Dashboard Questions.",
      );
    }
    const hidden = now.hidden_question ? template.dashcards.slice(-1) : [];
    const dashboard: Dashboard = {
      id: ++held.last,
      name: given.name ?? template.name,
      description: described(given.description),
      collection_id: given.collection_id ?? parentCollectionId,
      archived: false,
      createdAt: clock.now(),
      dashcards: template.dashcards
        .filter((card) => !hidden.includes(card))
        .map(() => ({ id: ++held.last, card_id: ++held.last })),
    };
    dashboards.set(dashboard.id, dashboard);
    const uncopied = hidden.map(({ card_id }) => ({ id: card_id, name: "Hidden question" }));
    return context.json({ ...showDashboard(dashboard), ...(uncopied.length > 0 && { uncopied }) });
  });
  app.put("/api/dashboard/:id", async (context) => {
    const dashboard = dashboards.get(Number(context.req.param("id")));
    if (!dashboard) return text(404, "Not found.");
    const { description, ...others } = change.parse(await context.req.json());
    const changed = description === undefined ? others : { ...others, description: described(description) };
    return context.json(showDashboard(Object.assign(dashboard, changed)));
  });
  app.delete("/api/dashboard/:id", (context) =>
    dashboards.delete(Number(context.req.param("id"))) ? context.body(null, 204) : text(404, "Not found."),
  );

  return {
    app,
    refuse,
    resources: () => [
      ...[...collections.values()].map((one) => ({ ...asResource(one), kind: "collection" })),
      ...[...dashboards.values()].map((one) => ({ ...asResource(one), kind: "dashboard" })),
    ],
  };
}

/** Responds plain text, as Metabase does for a status without data. */
const text = (status: number, body: string) =>
  new Response(body, { status, headers: { "Content-Type": "text/plain" } });
const failed = () =>
  Response.json(
    { via: [], trace: [["metabase.api", "invoke"]], cause: "boom", message: "boom" },
    { status: 500 },
  );

function page(context: Context, all: unknown[]): Response {
  const limit = Number(context.req.query("limit") ?? 50);
  const offset = Number(context.req.query("offset") ?? 0);
  return Response.json({
    data: all.slice(offset, offset + limit),
    total: all.length,
    limit,
    offset,
    models: ["dashboard"],
  });
}

function showItem({ id, name: called, description, archived, collection_id }: Dashboard) {
  return { id, model: "dashboard", name: called, description, archived, collection_id };
}

function showDashboard({ createdAt: _, ...dashboard }: Dashboard) {
  return dashboard;
}

function showCollection({ parentId, createdAt: _, ...collection }: Collection) {
  return { ...collection, location: parentId ? `/${parentId}/` : "/", can_write: true };
}

function asResource({ id, name: called, description, archived }: Collection | Dashboard) {
  const tenantId = /^smarteros:([^:\s]+)/m.exec(description ?? "")?.[1] ?? null;
  return { id: String(id), name: called, tenantId, active: !archived };
}

function refuse({ fault, retryAfterSeconds }: Refusal): Response {
  switch (fault) {
    case "unauthorized":
      return text(401, "Unauthenticated");
    case "forbidden":
      return text(403, "You don't have permissions to do that.");
    case "payment_required":
      return text(402, "Payment required");
    case "licence":
      return Response.json(
        { cause: "Sandboxes is a paid feature.", status: "error-premium-feature-not-available" },
        { status: 402 },
      );
    case "rate_limited": {
      const headers = {
        "Content-Type": "text/plain",
        ...(retryAfterSeconds && { "Retry-After": `${retryAfterSeconds}` }),
      };
      return new Response("Too many attempts!", { status: 429, headers });
    }
    case "error":
      return failed();
  }
}
