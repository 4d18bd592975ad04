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

const token = "bp_pat_sandbox";
const sharedWorkspace = "wkspace_sandbox";

const conditions = {
  /** Sends errors in the form of the documentation, which the vendor's client does not parse. */
  documented_errors: false,
  /** Matches any value of a tag, so that a filter returns too many bots. */
  loose_tag_filter: false,
  /** Limits pages to two items, regardless of `pageSize`. */
  small_pages: false,
  /** Drops the tags of a new bot without an error. */
  tags_dropped: false,
};

const bot = z.object({
  id: z.string(),
  workspaceId: z.string(),
  name: z.string(),
  tags: z.record(z.string(), z.string()),
  createdAt: z.string(),
  signingSecret: z.string(),
});
type Bot = z.output<typeof bot>;
const workspace = z.object({
  id: z.string(),
  name: z.string(),
  handle: z.string().optional(),
  createdAt: z.string(),
});
type Workspace = z.output<typeof workspace>;
const state = z.object({
  made: z.int(),
  bots: table(z.string(), bot),
  workspaces: table(z.string(), workspace),
});
type State = z.output<typeof state>;

const newBot = z.object({
  name: z.string().max(200).optional(),
  tags: z.record(z.string(), z.string()).default({}),
});
const changedBot = z.object({
  // Accepted, and in no response.
  blocked: z.boolean().optional(),
  name: z.string().max(200).optional(),
  tags: z.record(z.string(), z.string().nullable()).default({}),
});
const newWorkspace = z.strictObject({ name: z.string().min(1), billingVersion: z.literal("v4").optional() });
const changedWorkspace = z.object({ name: z.string().optional(), handle: z.string().optional() });

/** Simulates the Admin API of Botpress Cloud: bots and workspaces. The tests verify it with the vendor's client. */
export const botpressFake: VendorFakeKind<typeof conditions, State> = {
  vendor: "botpress",
  conditions,
  state,
  fresh: () => {
    const shared = { id: sharedWorkspace, name: "Shared", createdAt: "2026-01-05T10:00:00.000Z" };
    return { made: 0, bots: new Map(), workspaces: new Map([[shared.id, shared]]) };
  },
  create,
  settings: (url) => ({ BOTPRESS_URL: url, BOTPRESS_TOKEN: token, BOTPRESS_WORKSPACE_ID: sharedWorkspace }),
};

function create({ clock, conditions: now }: FakeWorld<typeof conditions>, held: State): VendorFake {
  const { bots, workspaces } = held;
  /** Returns increasing times, also within a millisecond. */
  const stamp = () => new Date(clock.now() + ++held.made).toISOString();
  const addWorkspace = (id: string, name: string) => {
    const workspace: Workspace = { id, name, createdAt: stamp() };
    workspaces.set(id, workspace);
    return workspace;
  };

  const fail = (status: number, type: string, message: string) => {
    const body = now.documented_errors
      ? { type, description: message, status }
      : { id: `err_${crypto.randomUUID()}`, code: status, type, message, metadata: {} };
    return Response.json(body, { status });
  };
  const missing = () => fail(404, "ResourceNotFound", "The resource does not exist");
  const botCount = (id: string) => [...bots.values()].filter(({ workspaceId }) => workspaceId === id).length;
  const show = (workspace: Workspace) => ({
    ...workspace,
    ownerId: "00000000-0000-4000-8000-000000000001",
    updatedAt: workspace.createdAt,
    botCount: botCount(workspace.id),
    billingVersion: "v4",
    plan: "community",
    blocked: false,
    spendingLimit: 0,
    activeTrialId: null,
  });
  const handleIsTaken = (handle: string, but?: string) =>
    [...workspaces.values()].some((one) => one.handle === handle && one.id !== but);

  /** Returns one page and the token of the next. */
  function page<Item>(context: Context, all: Item[]) {
    const size = now.small_pages ? 2 : Math.min(Number(context.req.query("pageSize") ?? 50), 100);
    const from = Number(context.req.query("nextToken") ?? 0);
    const next = from + size < all.length ? String(from + size) : undefined;
    return { items: all.slice(from, from + size), meta: next ? { nextToken: next } : {} };
  }

  const app = new Hono();
  app.onError(() => fail(400, "InvalidPayload", "The request payload isn't valid"));
  app.use("/v1/admin/*", async (context, next) => {
    if (context.req.header("authorization") === `Bearer ${token}`) return next();
    return fail(401, "Unauthorized", "The request requires to be authenticated.");
  });
  app.get("/v1/admin/account/me", (context) =>
    context.json({
      account: {
        id: "00000000-0000-4000-8000-000000000001",
        email: "sandbox@example.test",
        emailVerified: true,
        createdAt: "2026-01-05T10:00:00.000Z",
      },
    }),
  );

  app.use("/v1/admin/bots/*", async (context, next) => {
    if (workspaces.has(context.req.header("x-workspace-id") ?? "")) return next();
    return fail(403, "Forbidden", "The requested action can't be peform by this resource.");
  });
  const ownBots = (context: Context) =>
    [...bots.values()].filter(({ workspaceId }) => workspaceId === context.req.header("x-workspace-id"));
  app.get("/v1/admin/bots", (context) => {
    const wanted = tagsOf(new URL(context.req.url).searchParams);
    const found = listed(context, clock, ownBots(context)).filter(({ tags }) =>
      Object.entries(wanted).every(([name, value]) =>
        now.loose_tag_filter ? tags[name] !== undefined : tags[name] === value,
      ),
    );
    const { items, meta } = page(context, found);
    return context.json({
      bots: items.map(({ id, name, tags, createdAt }) => ({
        id,
        name,
        tags,
        createdAt,
        updatedAt: createdAt,
        type: "studio",
      })),
      meta,
    });
  });
  app.post("/v1/admin/bots", async (context) => {
    const { name, tags } = newBot.parse(await context.req.json());
    const bot: Bot = {
      id: crypto.randomUUID(),
      workspaceId: context.req.header("x-workspace-id") ?? "",
      name: name ?? "Untitled",
      tags: now.tags_dropped ? {} : tags,
      createdAt: stamp(),
      signingSecret: `signing-${crypto.randomUUID()}`,
    };
    bots.set(bot.id, bot);
    return context.json({ bot: showBot(bot) });
  });
  app.get("/v1/admin/bots/:id", (context) => {
    const bot = ownBots(context).find(({ id }) => id === context.req.param("id"));
    return bot ? context.json({ bot: showBot(bot) }) : missing();
  });
  app.put("/v1/admin/bots/:id", async (context) => {
    const bot = ownBots(context).find(({ id }) => id === context.req.param("id"));
    if (!bot) return missing();
    const { name, tags } = changedBot.parse(await context.req.json());
    if (name) bot.name = name;
    // Omitted tags stay; null or an empty text removes a tag.
    const changed = Object.entries({ ...bot.tags, ...tags }).filter(([, value]) => value);
    bot.tags = Object.fromEntries(changed) as Bot["tags"];
    return context.json({ bot: showBot(bot) });
  });
  app.delete("/v1/admin/bots/:id", (context) => {
    const bot = ownBots(context).find(({ id }) => id === context.req.param("id"));
    if (!bot) return missing();
    bots.delete(bot.id);
    return context.json({});
  });

  app.get("/v1/admin/workspaces", (context) => {
    const handle = context.req.query("handle");
    const found = listed(context, clock, workspaces.values()).filter(
      (one) => !handle || one.handle === handle,
    );
    const { items, meta } = page(context, found);
    return context.json({ workspaces: items.map(show), meta });
  });
  app.post("/v1/admin/workspaces", async (context) => {
    const { name } = newWorkspace.parse(await context.req.json());
    return context.json(show(addWorkspace(`wkspace_${crypto.randomUUID().replaceAll("-", "")}`, name)));
  });
  app.put("/v1/admin/workspaces/handle-availability", async (context) => {
    const { handle } = z.object({ handle: z.string() }).parse(await context.req.json());
    return context.json({ available: !handleIsTaken(handle), suggestions: [] });
  });
  app.get("/v1/admin/workspaces/:id", (context) => {
    const workspace = workspaces.get(context.req.param("id"));
    return workspace ? context.json(show(workspace)) : missing();
  });
  app.put("/v1/admin/workspaces/:id", async (context) => {
    const workspace = workspaces.get(context.req.param("id"));
    if (!workspace) return missing();
    const { name, handle } = changedWorkspace.parse(await context.req.json());
    if (handle && handleIsTaken(handle, workspace.id))
      return fail(409, "AlreadyExists", "The handle is taken");
    Object.assign(workspace, { ...(name && { name }), ...(handle && { handle }) });
    return context.json(show(workspace));
  });
  app.delete("/v1/admin/workspaces/:id", (context) => {
    const workspace = workspaces.get(context.req.param("id"));
    if (!workspace) return missing();
    if (botCount(workspace.id) > 0) return fail(409, "ReferenceConstraint", "The workspace is not empty");
    workspaces.delete(workspace.id);
    return context.json({});
  });

  return {
    app,
    refuse: (refusal) => refuse(refusal, fail),
    resources: () => [
      ...[...bots.values()].map(({ id, name, tags }) => ({
        kind: "bot",
        id,
        name,
        tenantId: tags.smarteros ?? null,
        active: true,
      })),
      ...[...workspaces.values()].map(({ id, name, handle }) => ({
        kind: "workspace",
        id,
        name,
        tenantId: handle?.replace(/^t-/, "") ?? / \[(.+)\]$/.exec(name)?.[1] ?? null,
        active: true,
      })),
    ],
  };
}

function refuse(
  { fault, retryAfterSeconds = 1 }: Refusal,
  fail: (status: number, type: string, message: string) => Response,
): Response {
  switch (fault) {
    case "unauthorized":
      return fail(401, "Unauthorized", "The request requires to be authenticated.");
    case "forbidden":
      return fail(403, "Forbidden", "The requested action can't be peform by this resource.");
    case "payment_required":
      return fail(402, "PaymentRequired", "A payment is required to perform this request.");
    case "licence":
      return fail(403, "QuotaExceeded", "The request exceeds the allowed quota.");
    case "rate_limited": {
      const response = fail(429, "RateLimited", "The request has been rate limited.");
      // Botpress does not send Retry-After.
      response.headers.set("RateLimit-Limit", "100");
      response.headers.set("RateLimit-Remaining", "0");
      response.headers.set("RateLimit-Reset", String(retryAfterSeconds));
      return response;
    }
    case "error":
      return fail(500, "Internal", "An internal error occurred");
  }
}

/** Parses tags of a query, in the form `tags.name=value` or, as the vendor's client sends it, `tags[name]=value`. */
function tagsOf(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    [...query].flatMap(([name, value]) => {
      const tag = /^tags(?:\.(.+)|\[(.+)\])$/.exec(name);
      return tag ? [[tag[1] ?? tag[2] ?? "", value]] : [];
    }),
  );
}

function showBot({ workspaceId: _, ...bot }: Bot) {
  return {
    ...bot,
    updatedAt: bot.createdAt,
    status: "active",
    dev: false,
    alwaysAlive: false,
    createdBy: "00000000-0000-4000-8000-000000000001",
    type: "studio",
    integrations: {},
    plugins: {},
    configuration: { data: {}, schema: {} },
    user: { tags: {} },
    conversation: { tags: {} },
    message: { tags: {} },
    events: {},
    states: {},
    actions: {},
    recurringEvents: {},
    subscriptions: { events: {} },
    secrets: [],
    medias: [],
  };
}
