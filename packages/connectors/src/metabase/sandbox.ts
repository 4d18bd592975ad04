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
/** Users by their keys: that of the settings, and a person's. */
const users: Record<string, number> = { [apiKey]: 2, mb_person: 3 };
const administratorId = 1;
const trashId = 2;
const templateId = 12;
const parentCollectionId = 4;
/** The question of the template that the key may be unable to read. */
const hiddenCardId = 103;

const conditions = {
  /** The process is still starting. */
  initializing: false,
  /** The search index lacks recent changes. */
  stale_index: false,
  /** The key may not read one of the template's questions, which a copy then omits without an error. */
  hidden_question: false,
  /** A version before 0.50, which has no trash. */
  no_trash: false,
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
  creator_id: z.int().default(administratorId),
  dashcards: z.array(z.object({ id: z.int(), card_id: z.int(), series: z.array(z.int()).default([]) })),
});
type Dashboard = z.output<typeof dashboard>;
const card = record.extend({
  collection_id: z.int(),
  creator_id: z.int(),
  /** The dashboard of a dashboard question. */
  dashboard_id: z.int().nullable(),
  type: z.enum(["question", "model", "metric"]),
});
type Card = z.output<typeof card>;
const state = z.object({
  last: z.int(),
  collections: table(z.int(), collection),
  dashboards: table(z.int(), dashboard),
  cards: table(z.int(), card).default(() => templateCards()),
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
  /** Replaces all. A negative id is a new one. */
  dashcards: z.array(z.object({ id: z.int(), card_id: z.int() })).optional(),
});
const newCard = z.object({
  name,
  description: z.string().nullish(),
  collection_id: z.int().positive(),
  dataset_query: z.record(z.string(), z.unknown()),
  display: z.string().min(1),
  visualization_settings: z.record(z.string(), z.unknown()),
});
const changedCard = z.strictObject({
  name: name.optional(),
  description: z.string().min(1).nullish(),
  archived: z.boolean().optional(),
});

/**
 * Simulates the part of Metabase 0.58 that the connector uses. The template contains a dashboard question, ordinary questions,
 * one of them in the series of another, and a model. Sources: dashboards_rest/api.clj (copy), dashboards_rest/db.clj and
 * dashboards/models/dashboard.clj (cards that a dashboard shows), collections/children.clj (items of the trash, with the
 * trash as their collection), api/common.clj (`present-in-trash-if-archived-directly`), queries_rest/api/card.clj.
 */
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
    creator_id: administratorId,
    dashcards: [
      { id: 1, card_id: 101, series: [] },
      { id: 2, card_id: 102, series: [104] },
      { id: 3, card_id: hiddenCardId, series: [] },
      { id: 4, card_id: 105, series: [] },
    ],
  };
  return {
    last: 30,
    collections: new Map([[parent.id, parent]]),
    dashboards: new Map([[template.id, template]]),
    cards: templateCards(),
  };
}

function templateCards(): Map<number, Card> {
  const ordinary = {
    description: "Ventas",
    archived: false,
    createdAt: 0,
    collection_id: parentCollectionId,
    creator_id: administratorId,
    dashboard_id: null,
    type: "question" as const,
  };
  const cards: Card[] = [
    { ...ordinary, id: 101, name: "Dashboard question", dashboard_id: templateId },
    { ...ordinary, id: 102, name: "Question" },
    { ...ordinary, id: hiddenCardId, name: "Another question", description: null },
    { ...ordinary, id: 104, name: "Series", type: "metric" },
    { ...ordinary, id: 105, name: "Model", type: "model" },
  ];
  return new Map(cards.map((one) => [one.id, one]));
}

function create({ clock, conditions: now }: FakeWorld<typeof conditions>, held: State): VendorFake {
  const { collections, dashboards, cards } = held;
  const described = (description: string | null | undefined) =>
    (now.descriptions_dropped ? undefined : description) ?? null;

  const isShown = ({ card_id }: Dashboard["dashcards"][number]) => {
    // What is archived with its dashboard stays on it: only what was archived by itself has the flag here.
    return !cards.get(card_id)?.archived;
  };
  const showDashboard = ({ createdAt: _, dashcards, ...dashboard }: Dashboard) => ({
    ...dashboard,
    collection_id: dashboard.archived ? trashId : dashboard.collection_id,
    dashcards: dashcards.filter(isShown).map(({ series, ...dashcard }) => ({
      ...dashcard,
      card: showCard(cards.get(dashcard.card_id)),
      series: series.flatMap((id) => cards.get(id) ?? []).map(showSeries),
    })),
  });
  /** Copies a question into the copy of its dashboard, except a model, which stays the same. */
  function copyCard(id: number, to: Dashboard, isSameCollection: boolean): number {
    const original = cards.get(id);
    if (!original || original.type === "model") return id;
    const copied: Card = {
      ...original,
      id: ++held.last,
      name: isSameCollection ? `${original.name} - Duplicate` : original.name,
      collection_id: to.collection_id,
      creator_id: to.creator_id,
      dashboard_id: original.dashboard_id === null ? null : to.id,
      createdAt: clock.now(),
    };
    cards.set(copied.id, copied);
    return copied.id;
  }
  function deleteCard(id: number): boolean {
    for (const one of dashboards.values()) {
      one.dashcards = one.dashcards
        .filter(({ card_id }) => card_id !== id)
        .map((dashcard) => ({ ...dashcard, series: dashcard.series.filter((other) => other !== id) }));
    }
    return cards.delete(id);
  }

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
    if (users[keyOf(context)] === undefined) return text(401, "Unauthenticated");
    return next();
  });
  app.get("/api/user/current", (context) =>
    context.json({ id: userOf(context), email: "api-key-user-1@api-key.invalid" }),
  );
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
  app.get("/api/collection/trash", (context) => {
    if (now.no_trash) return Response.json({ errors: { id: "value must be an integer" } }, { status: 400 });
    return context.json({ id: trashId, name: "Trash", type: "trash", description: null, archived: false });
  });
  app.get("/api/collection/:id/items", (context) => {
    const id = Number(context.req.param("id"));
    if (id !== trashId && !collections.has(id)) return text(404, "Not found.");
    const models = context.req.queries("models") ?? ["dashboard", "card", "metric", "dataset"];
    const lies = (one: Dashboard | Card) =>
      id === trashId ? one.archived : one.collection_id === id && !one.archived;
    const shownDashboards = listed(context, clock, dashboards.values()).filter(lies).map(showItem);
    const ordinary = listed(context, clock, cards.values()).filter((one) => one.dashboard_id === null);
    const items = [...shownDashboards, ...ordinary.filter(lies).map(showCardItem)];
    const chosen = items.filter(({ model }) => models.includes(model));
    return page(
      context,
      chosen.map((one) => ({ ...one, collection_id: id })),
    );
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
    const hidden = template.dashcards.filter(
      ({ card_id }) => cards.get(card_id)?.archived || (now.hidden_question && card_id === hiddenCardId),
    );
    const dashboard: Dashboard = {
      id: ++held.last,
      name: given.name ?? template.name,
      description: described(given.description),
      collection_id: given.collection_id ?? parentCollectionId,
      creator_id: userOf(context),
      archived: false,
      createdAt: clock.now(),
      dashcards: [],
    };
    const isSame = template.collection_id === dashboard.collection_id;
    const copyOf = (card: number) => copyCard(card, dashboard, isSame);
    dashboard.dashcards = template.dashcards
      .filter((one) => !hidden.includes(one))
      .map(({ card_id, series }) => ({
        id: ++held.last,
        card_id: copyOf(card_id),
        series: series.map(copyOf),
      }));
    dashboards.set(dashboard.id, dashboard);
    const uncopied = hidden.map(({ card_id }) => ({ id: card_id, name: "Hidden question" }));
    // The response is the row, without what is on it.
    const { dashcards: _, ...row } = showDashboard(dashboard);
    return context.json({ ...row, ...(uncopied.length > 0 && { uncopied }) });
  });
  app.put("/api/dashboard/:id", async (context) => {
    const dashboard = dashboards.get(Number(context.req.param("id")));
    if (!dashboard) return text(404, "Not found.");
    const { description, dashcards, ...others } = change.parse(await context.req.json());
    const changed = description === undefined ? others : { ...others, description: described(description) };
    if (dashcards) {
      const before = new Map(dashboard.dashcards.map((one) => [one.id, one]));
      dashboard.dashcards = dashcards.map(
        ({ id, card_id }) => before.get(id) ?? { id: ++held.last, card_id, series: [] },
      );
    }
    return context.json(showDashboard(Object.assign(dashboard, changed)));
  });
  app.delete("/api/dashboard/:id", (context) => {
    const id = Number(context.req.param("id"));
    if (!dashboards.delete(id)) return text(404, "Not found.");
    // Dashboard questions are deleted too, ordinary ones are not.
    for (const one of [...cards.values()]) if (one.dashboard_id === id) deleteCard(one.id);
    return context.body(null, 204);
  });
  app.get("/api/card/:id", (context) => {
    const card = cards.get(Number(context.req.param("id")));
    return card ? context.json(showCard(card)) : text(404, "Not found.");
  });
  app.post("/api/card", async (context) => {
    const given = newCard.parse(await context.req.json());
    if (!collections.has(given.collection_id)) return text(404, "Not found.");
    const card: Card = {
      id: ++held.last,
      name: given.name,
      description: given.description ?? null,
      collection_id: given.collection_id,
      creator_id: userOf(context),
      dashboard_id: null,
      type: "question",
      archived: false,
      createdAt: clock.now(),
    };
    cards.set(card.id, card);
    return context.json(showCard(card));
  });
  app.put("/api/card/:id", async (context) => {
    const card = cards.get(Number(context.req.param("id")));
    if (!card) return text(404, "Not found.");
    return context.json(showCard(Object.assign(card, changedCard.parse(await context.req.json()))));
  });
  app.delete("/api/card/:id", (context) =>
    deleteCard(Number(context.req.param("id"))) ? context.body(null, 204) : text(404, "Not found."),
  );

  return {
    app,
    refuse,
    resources: () => [
      ...[...collections.values()].map((one) => ({ ...asResource(one), kind: "collection" })),
      ...[...dashboards.values()].map((one) => ({ ...asResource(one), kind: "dashboard" })),
      ...[...cards.values()].map((one) => ({ ...asResource(one), kind: "card" })),
    ],
  };
}

/** Returns the user of a request, whose key was checked. */
const userOf = (context: Context): number => users[keyOf(context)] ?? 0;
const keyOf = (context: Context): string => context.req.header("x-api-key") ?? "";

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

/** Models of the items of a collection, by the type of a card. */
const itemModels = { question: "card", metric: "metric", model: "dataset" } as const;

function showCardItem({ id, name: called, description, archived, type }: Card) {
  return {
    id,
    model: itemModels[type],
    name: called,
    description,
    archived,
    dashboard_id: null,
  };
}

/** Shows a question of a series, also an archived one, with some of its columns. */
function showSeries({ id, name: called, description, type, collection_id }: Card) {
  return { id, name: called, description, type, collection_id };
}

/** Shows a question, an archived one with the trash as its collection. */
function showCard(card: Card | undefined) {
  if (!card) return null;
  const { createdAt: _, ...shown } = card;
  return { ...shown, collection_id: card.archived ? trashId : card.collection_id };
}

function showCollection({ parentId, createdAt: _, ...collection }: Collection) {
  return { ...collection, location: parentId ? `/${parentId}/` : "/", can_write: true };
}

function asResource({ id, name: called, description, archived }: Collection | Dashboard | Card) {
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
