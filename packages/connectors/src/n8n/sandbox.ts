import { createHmac } from "node:crypto";
import { Hono } from "hono";
import * as z from "zod";
import type { Refusal } from "../sandbox/faults.ts";
import {
  type FakeWorld,
  listed,
  table,
  type VendorFake,
  type VendorFakeKind,
} from "../sandbox/vendor-fake.ts";

const apiKey = "sandbox-n8n-key";
const webhookSecret = "sandbox-n8n-webhook-secret-of-32-and-more";
/** Delay in milliseconds between the response to an activation and its effect on the webhook. */
const settlingMs = 400;

const conditions = {
  /** The licence includes projects. */
  licensed: false,
  /** The database is not migrated yet: the process responds, but every call fails. */
  migrating: false,
};

const item = z.object({ id: z.string(), name: z.string(), createdAt: z.string(), updatedAt: z.string() });
type Item = z.output<typeof item>;
const project = item.extend({ type: z.enum(["team", "personal"]).default("team") });
type Project = z.output<typeof project>;

const node = z.looseObject({
  type: z.string(),
  name: z.string(),
  parameters: z.record(z.string(), z.unknown()).default({}),
});
const newWorkflow = z.strictObject({
  name: z.string().min(1).max(128),
  nodes: z.array(node),
  connections: z.record(z.string(), z.unknown()),
  settings: z.record(z.string(), z.unknown()),
  projectId: z.string().optional(),
});
const named = z.strictObject({ name: z.string() });
const projectName = z.strictObject({ name: z.string().min(1).max(255) });

const workflow = newWorkflow.extend({
  ...item.shape,
  active: z.boolean(),
  isArchived: z.boolean().default(false),
  tags: z.array(item),
  /** Time from which the webhook has the current state, in milliseconds of the clock. */
  settledAt: z.number(),
});
type Workflow = z.output<typeof workflow>;
const state = z.object({
  tags: table(z.string(), item),
  projects: table(z.string(), project),
  workflows: table(z.string(), workflow),
});
type State = z.output<typeof state>;

/** Simulates the public API and webhooks of n8n 2.41, as observed. The same tests run against a real n8n. */
export const n8nFake: VendorFakeKind<typeof conditions, State> = {
  vendor: "n8n",
  conditions,
  state,
  fresh: () => {
    const at = "2026-01-05T10:00:00.000Z";
    const name = "Sandbox Owner <sandbox@example.test>";
    const owner: Project = { id: "ownersPersonal00", name, type: "personal", createdAt: at, updatedAt: at };
    return { tags: new Map(), projects: new Map([[owner.id, owner]]), workflows: new Map() };
  },
  create,
  settings: (url) => ({ N8N_URL: url, N8N_API_KEY: apiKey, N8N_WEBHOOK_SECRET: webhookSecret }),
};

function create(
  { clock, conditions: now }: FakeWorld<typeof conditions>,
  { tags, projects, workflows }: State,
): VendorFake {
  const fail = (status: number, message: string) => Response.json({ message }, { status });
  const newItem = (name: string): Item => {
    const at = new Date(clock.now()).toISOString();
    return { id: crypto.randomUUID().replaceAll("-", "").slice(0, 16), name, createdAt: at, updatedAt: at };
  };
  const unlicensed = (feature: string) =>
    fail(
      403,
      `Your license does not allow for ${feature}. To enable ${feature}, please upgrade to a license that supports this feature.`,
    );

  const app = new Hono();
  app.get("/healthz", (context) => context.json({ status: "ok" }));
  app.get("/healthz/readiness", (context) =>
    now.migrating ? context.json({ status: "error" }, 503) : context.json({ status: "ok" }),
  );
  app.use("/api/v1/*", async (context, next) => {
    if (context.req.header("x-n8n-api-key") !== apiKey) return fail(401, "Unauthorized");
    if (now.migrating) return fail(503, "Database is not ready!");
    return next();
  });
  const api = app.basePath("/api/v1");

  api.get("/tags", (context) => page(context.req.query(), listed(context, clock, tags.values())));
  api.get("/tags/:id", (context) => {
    const tag = tags.get(context.req.param("id"));
    return tag ? context.json(tag) : fail(404, "Not Found");
  });
  api.post("/tags", async (context) => {
    const name = named.parse(await context.req.json()).name.trim();
    // The message for a long name is the same as for a name that is taken.
    const isTaken = [...tags.values()].some((tag) => tag.name === name);
    if (name.length < 1 || name.length > 24 || isTaken) return fail(409, "Tag already exists");
    const tag = newItem(name);
    tags.set(tag.id, tag);
    return context.json(tag, 201);
  });
  api.put("/tags/:id", async (context) => {
    const tag = tags.get(context.req.param("id"));
    const given = named.safeParse(await context.req.json());
    if (!given.success) return fail(400, "request/body is invalid");
    if (!tag) return fail(404, "Not Found");
    const name = given.data.name.trim();
    const isTaken = [...tags.values()].some((one) => one.name === name && one.id !== tag.id);
    if (name.length < 1 || name.length > 24 || isTaken) return fail(409, "Tag already exists");
    Object.assign(tag, { name, updatedAt: new Date(clock.now()).toISOString() });
    for (const workflow of workflows.values())
      workflow.tags = workflow.tags.map((one) => (one.id === tag.id ? { ...tag } : one));
    return context.json(tag);
  });
  api.delete("/tags/:id", (context) => {
    const tag = tags.get(context.req.param("id"));
    if (!tag) return fail(404, "Not Found");
    tags.delete(tag.id);
    for (const workflow of workflows.values())
      workflow.tags = workflow.tags.filter(({ id }) => id !== tag.id);
    return context.json(tag);
  });

  api.use("/projects/*", async (_, next) => (now.licensed ? next() : unlicensed("feat:projectRole:admin")));
  api.get("/projects", (context) => page(context.req.query(), listed(context, clock, projects.values())));
  api.post("/projects", async (context) => {
    const given = projectName.safeParse(await context.req.json());
    if (!given.success) return fail(400, "request/body is invalid");
    const project: Project = { ...newItem(given.data.name), type: "team" };
    projects.set(project.id, project);
    return context.json({ ...project, role: "project:admin", scopes: [] }, 201);
  });
  api.put("/projects/:id", async (context) => {
    const project = projects.get(context.req.param("id"));
    const given = projectName.safeParse(await context.req.json());
    if (!given.success) return fail(400, "request/body is invalid");
    // The message for a personal project is the same.
    if (project?.type !== "team") return fail(project ? 403 : 404, "Project not found");
    Object.assign(project, { ...given.data, updatedAt: new Date(clock.now()).toISOString() });
    return context.body(null, 204);
  });
  api.delete("/projects/:id", (context) => {
    const { id } = context.req.param();
    if (!projects.delete(id)) return fail(404, "Not Found");
    for (const workflow of workflows.values()) if (workflow.projectId === id) workflows.delete(workflow.id);
    return context.body(null, 204);
  });

  api.get("/workflows", (context) => {
    const { name, tags: tagged, projectId } = context.req.query();
    const found = listed(context, clock, workflows.values()).filter(
      (workflow) =>
        // Matches part of the name, ignoring case.
        (!name || workflow.name.toLowerCase().includes(name.toLowerCase())) &&
        (!tagged || workflow.tags.some((tag) => tag.name === tagged)) &&
        (!projectId || workflow.projectId === projectId),
    );
    return page(context.req.query(), found.map(show));
  });
  api.post("/workflows", async (context) => {
    const given = newWorkflow.safeParse(await context.req.json());
    if (!given.success) {
      const [issue] = given.error.issues;
      return fail(
        400,
        issue?.code === "unrecognized_keys" ? `request/body ${issue.message}` : "request/body is invalid",
      );
    }
    const { projectId, ...rest } = given.data;
    if (projectId && !projects.has(projectId)) return fail(404, "Project not found");
    const workflow: Workflow = {
      ...newItem(rest.name),
      ...rest,
      active: false,
      isArchived: false,
      tags: [],
      ...(projectId && { projectId }),
      settledAt: 0,
    };
    workflows.set(workflow.id, workflow);
    return context.json(show(workflow));
  });
  api.get("/workflows/:id", (context) => {
    const workflow = workflows.get(context.req.param("id"));
    return workflow ? context.json(show(workflow)) : fail(404, "Not Found");
  });
  api.put("/workflows/:id", async (context) => {
    const workflow = workflows.get(context.req.param("id"));
    const given = newWorkflow.omit({ projectId: true }).safeParse(await context.req.json());
    if (!workflow) return fail(404, "Not Found");
    if (!given.success) return fail(400, "request/body is invalid");
    if (workflow.isArchived) return fail(400, "Cannot update an archived workflow.");
    return context.json(show(Object.assign(workflow, given.data)));
  });
  api.put("/workflows/:id/tags", async (context) => {
    const workflow = workflows.get(context.req.param("id"));
    const wanted = z.array(z.object({ id: z.string() })).parse(await context.req.json());
    const found = wanted.map(({ id }) => tags.get(id));
    if (!workflow || found.includes(undefined)) return fail(404, "Some tags not found");
    workflow.tags = found.filter((tag) => tag !== undefined);
    return context.json(workflow.tags);
  });
  api.post("/workflows/:id/:how{activate|deactivate}", (context) => {
    const { id, how } = context.req.param();
    const workflow = workflows.get(id);
    if (!workflow) return fail(404, "Not Found");
    const active = how === "activate";
    if (active && workflow.isArchived) return fail(400, "Cannot activate an archived workflow.");
    const path = pathOf(workflow);
    const clashes = [...workflows.values()].some(
      (one) => one.active && one.id !== id && pathOf(one) === path,
    );
    if (active && clashes) return fail(409, "There is a conflict with one of the webhooks.");
    if (workflow.active !== active) Object.assign(workflow, { active, settledAt: clock.now() + settlingMs });
    return context.json(show(workflow));
  });
  api.post("/workflows/:id/archive", (context) => {
    const workflow = workflows.get(context.req.param("id"));
    if (!workflow) return fail(404, "Workflow not found");
    const settledAt = workflow.active ? clock.now() + settlingMs : workflow.settledAt;
    return context.json(show(Object.assign(workflow, { isArchived: true, active: false, settledAt })));
  });
  api.post("/workflows/:id/unarchive", (context) => {
    const workflow = workflows.get(context.req.param("id"));
    if (!workflow) return fail(404, "Workflow not found");
    if (!workflow.isArchived) return fail(400, "Workflow is not archived.");
    return context.json(show(Object.assign(workflow, { isArchived: false })));
  });
  api.delete("/workflows/:id", (context) => {
    const workflow = workflows.get(context.req.param("id"));
    if (!workflow) return fail(404, "Not Found");
    if (workflow.active)
      return fail(409, "Cannot delete a published workflow. Unpublish it before deleting.");
    if (workflow.settledAt > clock.now()) {
      return fail(409, "Workflow is still being unpublished. Please try again in a few moments.");
    }
    workflows.delete(workflow.id);
    return context.json(show(workflow));
  });

  app.all("/webhook/*", async (context) => {
    const { method } = context.req;
    const path = decodeURIComponent(context.req.path.slice("/webhook/".length));
    // The webhook has its previous state until the delay has passed.
    const isCallable = (one: Workflow) => (one.settledAt > clock.now() ? !one.active : one.active);
    const called = [...workflows.values()].filter((one) => pathOf(one) === path && isCallable(one));
    const workflow = called.find((one) => methodOf(one) === method);
    if (workflow) return run(workflow, context.req.raw);
    const [other] = called;
    const message = other
      ? `This webhook is not registered for ${method} requests. Did you mean to make a ${methodOf(other)} request?`
      : `The requested webhook "${method} ${path}" is not registered.`;
    const hint = other
      ? {}
      : { hint: "The workflow must be active for a production URL to run successfully." };
    const stacktrace = `ResponseError: ${message}\n    at …`;
    return context.json({ code: 404, message, ...hint, stacktrace }, 404);
  });

  return {
    app,
    refuse: (refusal) => refuse(refusal, fail, unlicensed),
    resources: () => [
      ...[...tags.values()].map((tag) => ({ ...asResource(tag), kind: "tag", active: true })),
      ...[...projects.values()]
        .filter(({ type }) => type === "team")
        .map((project) => ({ ...asResource(project), kind: "project", active: true })),
      ...[...workflows.values()].map((workflow) => ({
        kind: "workflow",
        id: workflow.id,
        name: workflow.name,
        tenantId: /^smarteros\/([^/]+)\/events$/.exec(pathOf(workflow) ?? "")?.[1] ?? null,
        active: workflow.active,
      })),
    ],
  };
}

/**
 * Simulates two kinds of workflow: the connector's, which verifies the signature with the secret in it, and a webhook with
 * one node that responds with a fixed text or JSON.
 */
async function run(workflow: Workflow, request: Request): Promise<Response> {
  const { nodes } = workflow;
  const sent = await request.text();
  // Without the raw body a workflow signs what n8n made of it, which is not the same with these keys.
  const { rawBody } = (webhookOf(workflow)?.options ?? {}) as { rawBody?: unknown };
  const body = rawBody === true ? sent : sent.replaceAll(/"(__proto__|constructor|toString)":/g, '"":');
  const secret = nodes.find(({ type }) => type === "n8n-nodes-base.crypto")?.parameters.secret;
  if (typeof secret !== "string") return respond(nodes);
  const id = request.headers.get("webhook-id");
  const timestamp = request.headers.get("webhook-timestamp");
  const signed = `${id}.${timestamp}.${body}`;
  const expected = `v1,${createHmac("sha256", secret).update(signed).digest("base64")}`;
  const isFresh = Math.abs(Date.now() / 1_000 - Number(timestamp)) <= 300;
  return expected === request.headers.get("webhook-signature") && isFresh
    ? Response.json({ ok: true, deliveryId: id })
    : Response.json({ ok: false }, { status: 401 });
}

const fixedResponse = z.object({
  respondWith: z.enum(["text", "json"]),
  responseBody: z.string(),
  options: z.object({
    responseCode: z.int().default(200),
    responseHeaders: z
      .object({ entries: z.array(z.object({ name: z.string(), value: z.string() })) })
      .optional(),
  }),
});

/** Responds as a "Respond to Webhook" node with a fixed body does; n8n sends a text as HTML where no header says otherwise. */
function respond(nodes: Workflow["nodes"]): Response {
  const { parameters } = nodes.find(({ type }) => type === "n8n-nodes-base.respondToWebhook") ?? {};
  const given = fixedResponse.safeParse(parameters);
  if (!given.success) return Response.json({ message: "Workflow was started" });
  const { respondWith, responseBody, options } = given.data;
  const headers = new Headers(
    options.responseHeaders?.entries.map(({ name, value }) => [name, value] as [string, string]),
  );
  const type = respondWith === "json" ? "application/json; charset=utf-8" : "text/html; charset=utf-8";
  if (!headers.has("content-type")) headers.set("content-type", type);
  return new Response(responseBody, { status: options.responseCode, headers });
}

const webhookOf = ({ nodes }: Workflow) =>
  nodes.find(({ type }) => type === "n8n-nodes-base.webhook")?.parameters;
const methodOf = (workflow: Workflow) => webhookOf(workflow)?.httpMethod ?? "GET";
const pathOf = (workflow: Workflow) => webhookOf(workflow)?.path as string | undefined;

function show({ projectId: _, settledAt: __, ...workflow }: Workflow) {
  return { ...workflow, staticData: null, meta: null, pinData: {}, versionId: workflow.id, triggerCount: 1 };
}

function asResource({ id, name }: Item) {
  const key = /^t:([\w-]{22})( |$)/.exec(name)?.[1];
  const hex = key && Buffer.from(key, "base64url").toString("hex");
  const tenantId = hex?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") ?? null;
  return { id, name, tenantId };
}

function page(query: Record<string, string>, all: unknown[]): Response {
  const limit = Math.min(Number(query.limit ?? 100), 250);
  let from = 0;
  try {
    if (query.cursor) from = z.object({ offset: z.int() }).parse(JSON.parse(atob(query.cursor))).offset;
  } catch {
    return Response.json({ message: "An invalid cursor was provided" }, { status: 400 });
  }
  const next = from + limit < all.length ? btoa(JSON.stringify({ limit, offset: from + limit })) : null;
  return Response.json({ data: all.slice(from, from + limit), nextCursor: next });
}

function refuse(
  { fault, retryAfterSeconds }: Refusal,
  fail: (status: number, message: string) => Response,
  unlicensed: (feature: string) => Response,
): Response {
  switch (fault) {
    case "unauthorized":
      return fail(401, "Unauthorized");
    case "forbidden":
      return fail(403, "Forbidden");
    case "payment_required":
      return fail(402, "Payment required");
    case "licence":
      return unlicensed("feat:advancedPermissions");
    case "rate_limited": {
      const response = fail(429, "Too many requests");
      if (retryAfterSeconds) response.headers.set("Retry-After", String(retryAfterSeconds));
      return response;
    }
    case "error":
      return fail(500, "Internal server error");
  }
}
