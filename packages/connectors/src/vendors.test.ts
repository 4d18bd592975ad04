import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import { resourceId } from "./connector.ts";
import {
  connectorsFor,
  ensureOnce,
  heldFor,
  never,
  newSubject,
  startAll,
  virtualClock,
} from "./connectors.fixture.ts";
import { connectorSettings, createConnectors } from "./connectors.ts";
import { startSandbox } from "./sandbox/index.ts";

// Behaviour that is specific to one vendor.

let all: Awaited<ReturnType<typeof startAll>>;
beforeAll(async () => {
  all = await startAll();
});
afterEach(() => {
  for (const sandbox of Object.values(all.vendors)) sandbox.reset();
});
afterAll(() => all.stop());
const signal = never();

describe("Chatwoot", () => {
  it("with failing queues and status 200 has an unhealthy process and a valid credential", async () => {
    all.vendors.chatwoot.conditions.queue_failing = true;
    expect(await all.connectors.chatwoot.health(signal)).toMatchObject({
      process: { ok: false, kind: "unavailable" },
      credential: { ok: true },
    });
  });

  it("with an agent's token rejects with grant_permission and creates no duplicate", async () => {
    const subject = newSubject();
    await ensureOnce(all.connectors.chatwoot, subject, signal);
    all.vendors.chatwoot.conditions.agent_token = true;
    const needed = { kind: "forbidden", remedy: "grant_permission" };
    expect((await all.connectors.chatwoot.health(signal)).credential).toMatchObject({ ok: false, ...needed });
    await expect(ensureOnce(all.connectors.chatwoot, subject, signal)).rejects.toMatchObject({
      ...needed,
      status: 401,
    });
    all.vendors.chatwoot.conditions.agent_token = false;
    expect(heldFor(all.vendors.chatwoot, subject)).toEqual(["inbox"]);
  });

  it.each([
    ["account_suspended", { kind: "forbidden", remedy: "grant_permission" }],
    ["plan_limit", { kind: "quota", remedy: "raise_quota", status: 402 }],
  ])("with %s reports the condition", async (condition, expected) => {
    all.vendors.chatwoot.conditions[condition] = true;
    await expect(ensureOnce(all.connectors.chatwoot, newSubject(), signal)).rejects.toMatchObject(expected);
  });

  it("before 2.7 has an unhealthy process; a version in another form is not judged", async () => {
    all.vendors.chatwoot.conditions.attributes_dropped = true;
    expect(await all.connectors.chatwoot.health(signal)).toMatchObject({
      process: { ok: false, kind: "unknown", remedy: "check_vendor_version" },
      credential: { ok: true },
    });
    const isHealthy = async (version: unknown) => {
      const { chatwoot } = connectorsFor(all.settings, {
        fetch: async (input) =>
          (input as Request).url.endsWith("/api") ? Response.json({ version }) : fetch(input),
      });
      return (await chatwoot.health(signal)).process.ok;
    };
    const versions = ["2.6.9", "1.22.1", "v2.5.0", "2.7.0", "2.17.0", "3.0.0", "10.1", "develop", undefined];
    expect(await Promise.all(versions.map(isHealthy))).toEqual([
      ...[false, false, false],
      ...[true, true, true, true, true, true],
    ]);
  });

  it("has inboxes with the former name where an earlier release created them", async () => {
    const subject = newSubject({ businessName: "Los Andes (Chile)" });
    const { chatwoot } = all.connectors;
    expect(chatwoot.nameOf(subject, 1)).toBe("Los Andes (Chile) 76086428-5");
    expect(chatwoot.formerNameOf?.(subject, 1)).toBe("Los Andes (Chile) (76086428-5)");
  });

  it("deletes asynchronously; the inbox is pending and listed until then", async () => {
    const clock = virtualClock();
    const sandbox = await startSandbox("chatwoot", { clock });
    onTestFinished(() => sandbox.stop());
    const hasty = connectorsFor(
      { ...all.settings, ...sandbox.settings },
      { clock: { now: clock.now, sleep: async () => undefined } },
    ).chatwoot;
    const subject = newSubject();
    const { resource } = await ensureOnce(hasty, subject, signal);
    expect(await hasty.remove(resource.id, subject.tenantId, signal)).toBe("pending");
    expect(await hasty.find(subject, signal)).toHaveLength(1);
    await clock.pass(1_000);
    expect(await hasty.remove(resource.id, subject.tenantId, signal)).toBe("removed");
  });
});

describe("Botpress", () => {
  it("with documented errors is understood", async () => {
    all.vendors.botpress.conditions.documented_errors = true;
    all.vendors.botpress.faults.add({ fault: "licence" });
    await expect(all.connectors.botpress.find(newSubject(), signal)).rejects.toMatchObject({ kind: "quota" });
  });

  it("reads recorded ids after a change of the setting", async () => {
    const subject = newSubject();
    const { resource } = await ensureOnce(all.connectors.botpress, subject, signal);
    const changed = connectorsFor({ ...all.settings, BOTPRESS_PER_TENANT: "workspace" }).botpress;
    expect(await changed.read(resource.id, signal)).toEqual(resource);
    expect(await changed.remove(resource.id, subject.tenantId, signal)).toBe("removed");
  });

  it("with a wrong key has a healthy process and a refused credential", async () => {
    const wrong = connectorsFor({ ...all.settings, BOTPRESS_TOKEN: "another" }).botpress;
    expect(await wrong.health(signal)).toMatchObject({
      process: { ok: true },
      credential: { ok: false, kind: "auth" },
    });
    all.vendors.botpress.faults.add({ fault: "error", times: null });
    expect((await wrong.health(signal)).process).toMatchObject({ ok: false, kind: "unavailable" });
  });
});

describe("Odoo", () => {
  it("with a user without Access Rights has an unhealthy credential, also when a company is to be created", async () => {
    const subject = newSubject();
    await ensureOnce(all.connectors.odoo, subject, signal);
    all.vendors.odoo.conditions.no_access_rights = true;
    const needed = { kind: "forbidden", remedy: "grant_permission" };
    expect(await all.connectors.odoo.health(signal)).toMatchObject({
      process: { ok: true },
      credential: { ok: false, ...needed },
    });
    // The record rule hides the company, which must not lead to a second one.
    await expect(ensureOnce(all.connectors.odoo, subject, signal)).rejects.toMatchObject({
      ...needed,
      operation: "company.create",
    });
    expect(heldFor(all.vendors.odoo, subject)).toEqual(["company"]);
  });
});

describe("Metabase", () => {
  it("that omits a question leaves no dashboard and rejects with grant_template_access", async () => {
    const subject = newSubject();
    all.vendors.metabase.conditions.hidden_question = true;
    const missing = { kind: "forbidden", remedy: "grant_template_access", operation: "dashboard.copy" };
    await expect(ensureOnce(all.connectors.metabase, subject, signal)).rejects.toMatchObject(missing);
    expect(heldFor(all.vendors.metabase, subject)).toEqual(["collection"]);
    all.vendors.metabase.conditions.hidden_question = false;
    expect(await ensureOnce(all.connectors.metabase, subject, signal)).toMatchObject({ duplicates: [] });
    expect(heldFor(all.vendors.metabase, subject)).toEqual(["collection", "dashboard"]);
  });

  it("with a lost response to an incomplete copy does not report it as complete", async () => {
    const subject = newSubject();
    all.vendors.metabase.conditions.hidden_question = true;
    all.vendors.metabase.faults.add({ fault: "reset_after_commit", path: "/copy" });
    await expect(ensureOnce(all.connectors.metabase, subject, signal)).rejects.toMatchObject({
      kind: "unavailable",
    });
    const partial = { kind: "conflict", remedy: "remove_partial_copy" };
    await expect(ensureOnce(all.connectors.metabase, subject, signal)).rejects.toMatchObject(partial);
  });

  it("that is still starting is unhealthy", async () => {
    all.vendors.metabase.conditions.initializing = true;
    const { process } = await all.connectors.metabase.health(signal);
    expect(process).toMatchObject({ ok: false, kind: "unavailable" });
  });
});

describe("n8n", () => {
  it("that migrates its database is unhealthy", async () => {
    all.vendors.n8n.conditions.migrating = true;
    const down = { ok: false, kind: "unavailable" };
    expect(await all.connectors.n8n.health(signal)).toMatchObject({ process: down, credential: down });
  });

  it("continues to use a tenant's tag after a licence is added", async () => {
    const subject = newSubject();
    const { resource } = await ensureOnce(all.connectors.n8n, subject, signal);
    all.vendors.n8n.conditions.licensed = true;
    expect(await ensureOnce(all.connectors.n8n, subject, signal)).toMatchObject({
      action: "found",
      resource,
    });
  });

  it("finds a renamed workflow by its tag and its webhook path", async () => {
    const subject = newSubject();
    const first = await ensureOnce(all.connectors.n8n, subject, signal);
    const headers = { "X-N8N-API-KEY": `${all.settings.N8N_API_KEY}`, "Content-Type": "application/json" };
    const [workflow] = all.vendors.n8n.resources().filter(({ kind }) => kind === "workflow");
    const url = `${all.vendors.n8n.url}/api/v1/workflows/${workflow?.id}`;
    const found = (await (await fetch(url, { headers })).json()) as Record<string, unknown>;
    const { nodes, connections, settings } = found;
    const renamed = { name: "Pedidos", nodes, connections, settings };
    await fetch(url, { method: "PUT", headers, body: JSON.stringify(renamed) });
    expect(await ensureOnce(all.connectors.n8n, subject, signal)).toEqual({
      ...first,
      action: "found",
      created: undefined,
    });
    expect(heldFor(all.vendors.n8n, subject)).toEqual(["tag", "workflow"]);
  });

  it("finds a tenant on a later page", async () => {
    const subjects = Array.from({ length: 260 }, () => newSubject());
    for (const { tenantId } of subjects) {
      const key = Buffer.from(tenantId.replaceAll("-", ""), "hex").toString("base64url");
      await fetch(`${all.vendors.n8n.url}/api/v1/tags`, {
        method: "POST",
        headers: { "X-N8N-API-KEY": `${all.settings.N8N_API_KEY}`, "Content-Type": "application/json" },
        body: JSON.stringify({ name: `t:${key}` }),
      });
    }
    expect(await ensureOnce(all.connectors.n8n, subjects[255]!, signal)).toMatchObject({
      action: "completed",
    });
  });
});

describe.each(["chatwoot", "odoo", "n8n", "metabase"] as const)("%s with a wrong key", (vendor) => {
  it("has a healthy process and a refused credential", async () => {
    const wrong = {
      CHATWOOT_API_TOKEN: "wrong",
      ODOO_API_KEY: "wrong",
      N8N_API_KEY: "wrong",
      METABASE_API_KEY: "wrong",
    };
    expect(await connectorsFor({ ...all.settings, ...wrong })[vendor].health(signal)).toMatchObject({
      process: { ok: true },
      credential: { ok: false, kind: "auth", remedy: "check_credential" },
    });
  });
});

describe("settings", () => {
  const environment = z.object(connectorSettings);

  it("create the connectors of configured vendors and list the missing settings of the others", () => {
    const { N8N_API_KEY: _, ...given } = all.settings;
    const { configured, missing } = createConnectors(
      environment.parse({ ...given, ODOO_URL: undefined, ODOO_API_KEY: undefined }),
    );
    expect(Object.keys(configured)).toEqual(["chatwoot", "botpress", "metabase"]);
    expect(missing).toEqual({ odoo: ["ODOO_URL", "ODOO_API_KEY"], n8n: ["N8N_API_KEY"] });
    expect(createConnectors(environment.parse({})).configured).toEqual({});
  });

  it.each([
    ["CHATWOOT_URL", "https://user:secret@chat.example.test"],
    ["ODOO_URL", "ftp://odoo.example.test"],
    ["N8N_URL", "https://n8n.example.test/?key=secret"],
    ["METABASE_API_KEY", "secret with spaces"],
    ["CHATWOOT_ACCOUNT_ID", "0"],
    ["N8N_WEBHOOK_SECRET", "secret"],
    ["BOTPRESS_PER_TENANT", "secret"],
  ])("invalid %s is refused without its value in the message", (name, value) => {
    const parsed = environment.safeParse({ [name]: value });
    expect(parsed.error?.issues.map(({ path }) => path)).toEqual([[name]]);
    expect(parsed.error?.message).not.toContain("secret");
  });
});

describe("a recorded id", () => {
  it("is accepted only in the forms of a tenant's row", () => {
    expect(resourceId.metabase.parse("88")).toBe(88);
    expect(resourceId.chatwoot.parse(17)).toBe(17);
    expect(resourceId.botpress.parse("workspace:wkspace_01H")).toBe("workspace:wkspace_01H");
    expect(resourceId.n8n.parse("tag:aB3")).toBe("tag:aB3");
    for (const wrong of ["", "tag:", "bot:x", "tag:../projects", "tag:a/b", "tag:a?b", "tag:a b"]) {
      expect(resourceId.n8n.safeParse(wrong).success, wrong).toBe(false);
    }
    for (const wrong of ["0", "-1", "1.5", "x", "9999999999", ""]) {
      expect(resourceId.odoo.safeParse(wrong).success, wrong).toBe(false);
    }
  });

  it("in another form is not found without a call", async () => {
    const { n8n, botpress } = all.connectors;
    expect(await n8n.read("tag:../projects", signal)).toBeUndefined();
    expect(await botpress.read("bot:../../account/me", signal)).toBeUndefined();
    expect([...all.vendors.n8n.calls(), ...all.vendors.botpress.calls()]).toEqual([]);
  });
});
