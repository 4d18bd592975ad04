import { Hono } from "hono";
import * as z from "zod";
import {
  type FakeWorld,
  listed,
  table,
  type VendorFake,
  type VendorFakeKind,
} from "../sandbox/vendor-fake.ts";

const token = "sandbox-chatwoot-administrator";
const accountId = 1;
/** Time that a deleted inbox stays listed, in milliseconds: deletion is asynchronous. */
const deletionMs = 300;

const conditions = {
  /** The queue worker is down; the process responds 200 with that status. */
  queue_failing: false,
  /** The token belongs to an agent, who sees only inboxes assigned to them, here none, and cannot create any. */
  agent_token: false,
  account_suspended: false,
  /** Version 2.6, in which API channels have no attributes: they are dropped without an error. */
  attributes_dropped: false,
  /** Version 4.3, which accepts any name of an inbox. */
  any_name: false,
  /** The inbox limit of the plan is reached. */
  plan_limit: false,
};

const inbox = z.object({
  id: z.int(),
  name: z.string(),
  channel: z.enum(["Channel::Api", "Channel::WebWidget"]).default("Channel::Api"),
  websiteUrl: z.string().optional(),
  attributes: z.record(z.string(), z.unknown()),
  webhookUrl: z.string().nullable(),
  identifier: z.string(),
  hmacToken: z.string(),
  goneAt: z.number().optional(),
  createdAt: z.number().default(0),
});
type Inbox = z.output<typeof inbox>;
const state = z.object({ last: z.int(), inboxes: table(z.int(), inbox) });
type State = z.output<typeof state>;

const channelTypes: Record<string, Inbox["channel"] | undefined> = {
  api: "Channel::Api",
  web_widget: "Channel::WebWidget",
};
const channelParameters = z.object({
  webhook_url: z.string().nullish(),
  website_url: z.string().optional(),
  additional_attributes: z.record(z.string(), z.unknown()).nullish(),
});
const newInbox = z.object({
  name: z.string().optional(),
  channel: channelParameters.extend({ type: z.string() }).optional(),
});
const changedInbox = z.object({ name: z.string().optional(), channel: channelParameters.optional() });

/** Simulates Chatwoot 4.2 with one account, its API inboxes and website widgets. Source: Chatwoot's controllers, named where a fact is used. */
export const chatwootFake: VendorFakeKind<typeof conditions, State> = {
  vendor: "chatwoot",
  conditions,
  state,
  fresh: () => ({ last: 16, inboxes: new Map() }),
  create,
  settings: (url) => ({
    CHATWOOT_URL: url,
    CHATWOOT_ACCOUNT_ID: String(accountId),
    CHATWOOT_API_TOKEN: token,
  }),
};

/**
 * Format of the names of API and website inboxes in versions 2.7 to 4.2, app/models/inbox.rb: %r{^^\b[^/\\<>@]*\b$}. Ruby's \b knows
 * letters and digits of all scripts, JavaScript's does not.
 */
const nameFormat = /^(?=[\p{L}\p{M}\p{Nd}\p{Pc}])[^/\\<>@]*(?<=[\p{L}\p{M}\p{Nd}\p{Pc}])$/mu;

function create({ clock, conditions: now }: FakeWorld<typeof conditions>, held: State): VendorFake {
  const { inboxes } = held;
  const version = () => (now.attributes_dropped ? "2.6.0" : now.any_name ? "4.3.0" : "4.2.0");
  /** Returns the refusal of a name; undefined for a name that Chatwoot accepts. */
  function refusedName(name: string | undefined): Response | undefined {
    const invalid = (message: string) =>
      Response.json({ message: `Name ${message}`, attributes: ["name"] }, { status: 422 });
    if (!name?.trim()) return invalid("can't be blank");
    // app/models/application_record.rb limits all texts.
    if (Array.from(name).length > 255) return invalid("is too long (maximum is 255 characters)");
    if (version() !== "4.2.0" || nameFormat.test(name)) return undefined;
    return invalid("should not start or end with symbols, and it should not have < > / \\ @ characters.");
  }
  const present = () =>
    [...inboxes.values()].filter(({ goneAt }) => goneAt === undefined || goneAt > clock.now());
  const visible = () => (now.agent_token ? [] : present());

  const app = new Hono();
  app.get("/api", (context) =>
    context.json({
      version: version(),
      timestamp: new Date(clock.now()).toISOString().replace("T", " ").slice(0, 19),
      queue_services: now.queue_failing ? "failing" : "ok",
      data_services: "ok",
    }),
  );
  app.use("/api/v1/*", async (context, next) => {
    if (context.req.header("api_access_token") === token) return next();
    return context.json({ error: "Invalid Access Token" }, 401);
  });
  app.get("/api/v1/profile", (context) =>
    context.json({
      id: 1,
      name: "Sandbox",
      email: "sandbox@example.test",
      accounts: [{ id: accountId, name: "Sandbox", role: now.agent_token ? "agent" : "administrator" }],
    }),
  );
  app.use("/api/v1/accounts/:account/*", async (context, next) => {
    if (context.req.param("account") !== String(accountId)) return notFound();
    if (now.account_suspended) return context.json({ error: "Account is suspended" }, 401);
    return next();
  });
  const account = app.basePath("/api/v1/accounts/:account");
  account.get("/inboxes", (context) => {
    const sorted = listed(context, clock, visible())
      .map((inbox) => ({ inbox, key: inbox.name.toLowerCase() }))
      .sort((one, other) => (one.key < other.key ? -1 : 1))
      .map(({ inbox }) => inbox);
    return context.json({ payload: sorted.map(asJson) });
  });
  account.post("/inboxes", async (context) => {
    if (now.agent_token) return refuse("forbidden");
    if (now.plan_limit) return refuse("payment_required");
    const { name, channel } = newInbox.parse(await context.req.json());
    if (!channel) return context.json({ error: "param is missing or the value is empty: channel" }, 422);
    const refusal = refusedName(name);
    if (!name || refusal) return refusal;
    const type = channelTypes[channel.type];
    if (!type) return context.json({ message: "Channel must exist", attributes: ["channel"] }, 422);
    if (type === "Channel::WebWidget" && !channel.website_url) {
      return context.json({ message: "Website url can't be blank", attributes: ["website_url"] }, 422);
    }
    const inbox: Inbox = {
      id: ++held.last,
      name,
      channel: type,
      ...(type === "Channel::WebWidget" && { websiteUrl: channel.website_url }),
      attributes: (now.attributes_dropped ? undefined : channel.additional_attributes) ?? {},
      webhookUrl: channel.webhook_url ?? null,
      identifier: crypto.randomUUID(),
      hmacToken: `hmac-${crypto.randomUUID()}`,
      createdAt: clock.now(),
    };
    inboxes.set(inbox.id, inbox);
    return context.json(asJson(inbox));
  });
  account.get("/inboxes/:id", (context) => {
    const inbox = visible().find(({ id }) => String(id) === context.req.param("id"));
    return inbox ? context.json(asJson(inbox)) : notFound();
  });
  account.patch("/inboxes/:id", async (context) => {
    if (now.agent_token) return refuse("forbidden");
    const inbox = visible().find(({ id }) => String(id) === context.req.param("id"));
    if (!inbox) return notFound();
    const { name, channel } = changedInbox.parse(await context.req.json());
    // Rails validates the name that is stored, also when another attribute changes.
    const refusal = refusedName(name ?? inbox.name);
    if (refusal) return refusal;
    if (name !== undefined) inbox.name = name;
    // Attributes that the channel's type does not have are dropped without an error.
    if (inbox.channel === "Channel::Api") {
      const { webhook_url: webhookUrl, additional_attributes: attributes } = channel ?? {};
      const window = attributes?.agent_reply_time_window;
      if (window && !(Number(window) > 0)) {
        const message = "Agent reply time window agent_reply_time_window must be greater than 0";
        return context.json({ message, attributes: ["agent_reply_time_window"] }, 422);
      }
      if (webhookUrl !== undefined) inbox.webhookUrl = webhookUrl;
      // All attributes are replaced, not merged.
      if (attributes !== undefined && !now.attributes_dropped) inbox.attributes = attributes ?? {};
    } else if (channel?.website_url) {
      inbox.websiteUrl = channel.website_url;
    }
    return context.json(asJson(inbox));
  });
  account.delete("/inboxes/:id", (context) => {
    const inbox = visible().find(({ id }) => String(id) === context.req.param("id"));
    if (!inbox) return notFound();
    inbox.goneAt ??= clock.now() + deletionMs;
    return context.json({ message: "Your inbox deletion request will be processed in some time." });
  });

  return {
    app,
    refuse: ({ fault, retryAfterSeconds }) => refuse(fault, retryAfterSeconds),
    resources: () =>
      present().map(({ id, name, attributes, goneAt }) => ({
        kind: "inbox",
        id: String(id),
        name,
        tenantId: (attributes.smarteros_tenant_id as string | undefined) ?? null,
        active: goneAt === undefined,
      })),
  };
}

const notFound = () => Response.json({ error: "Resource could not be found" }, { status: 404 });

function refuse(fault: Parameters<VendorFake["refuse"]>[0]["fault"], retryAfterSeconds?: number): Response {
  const fail = (status: number, error: string) => Response.json({ error }, { status });
  switch (fault) {
    case "unauthorized":
      return fail(401, "Invalid Access Token");
    // Chatwoot responds 401, not 403, for a refusal of its policy.
    case "forbidden":
      return fail(401, "You are not authorized to do this action");
    case "payment_required":
    case "licence":
      return fail(402, "Account limit exceeded. Upgrade to a higher plan");
    // The limiter responds plain text, with Retry-After only when an operator enabled it.
    case "rate_limited":
      return new Response("Retry later\n", {
        status: 429,
        headers: {
          "Content-Type": "text/plain",
          ...(retryAfterSeconds && { "Retry-After": `${retryAfterSeconds}` }),
        },
      });
    case "error":
      return new Response("<html>We're sorry, but something went wrong.</html>", {
        status: 500,
        headers: { "Content-Type": "text/html" },
      });
  }
}

function asJson(inbox: Inbox) {
  return {
    id: inbox.id,
    avatar_url: "",
    channel_id: inbox.id - 8,
    name: inbox.name,
    channel_type: inbox.channel,
    greeting_enabled: false,
    greeting_message: null,
    working_hours_enabled: false,
    enable_email_collect: true,
    csat_survey_enabled: false,
    enable_auto_assignment: true,
    auto_assignment_config: {},
    out_of_office_message: null,
    working_hours: [],
    timezone: "UTC",
    allow_messages_after_resolved: true,
    lock_to_single_conversation: false,
    sender_name_type: "friendly",
    business_name: null,
    ...(inbox.channel === "Channel::Api"
      ? {
          hmac_token: inbox.hmacToken,
          hmac_mandatory: false,
          webhook_url: inbox.webhookUrl,
          inbox_identifier: inbox.identifier,
          additional_attributes: inbox.attributes,
        }
      : { website_url: inbox.websiteUrl, website_token: inbox.identifier }),
  };
}
