import { type Bot, Client, isApiError } from "@botpress/client";
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from "vitest";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";
import { botpressFake } from "./sandbox.ts";

// Verifies the sandbox with the vendor's client, which parses every response and error.

let sandbox: Sandbox;
let client: Client;
beforeAll(async () => {
  sandbox = await startSandbox(botpressFake);
  const { BOTPRESS_TOKEN: token, BOTPRESS_WORKSPACE_ID: workspaceId } = sandbox.settings;
  client = new Client({ apiUrl: sandbox.url, token: `${token}`, workspaceId: `${workspaceId}` });
});
afterAll(() => sandbox.stop());

async function errorOf(work: Promise<unknown>) {
  const thrown = await work.then(
    () => undefined,
    (reason) => reason,
  );
  if (!isApiError(thrown)) throw new Error(`no error of the client's: ${thrown}`);
  return { code: thrown.code, type: thrown.type, isApiError: thrown.isApiError };
}

describe("@botpress/client against the sandbox", () => {
  it("reads its account", async () => {
    expect((await client.getAccount({})).account).toMatchObject({ emailVerified: true });
  });

  it("creates, reads, lists by tag over pages, and deletes bots", async () => {
    const names = ["one", "two", "three", "four", "five"];
    const bots: Bot[] = [];
    for (const name of names) bots.push((await client.createBot({ name, tags: { smarteros: "t_01" } })).bot);
    await client.createBot({ name: "another", tags: { smarteros: "t_02" } });
    expect(new Set(bots.map(({ status }) => status))).toEqual(new Set(["active"]));
    expect((await client.getBot({ id: `${bots[0]?.id}` })).bot.signingSecret).toMatch(/./);

    sandbox.conditions.small_pages = true;
    const listed = await client.list.bots({ tags: { smarteros: "t_01" } }).collect();
    expect(listed.map(({ name }) => name)).toEqual(names);
    sandbox.conditions.small_pages = false;

    await client.deleteBot({ id: `${bots[0]?.id}` });
    expect(await errorOf(client.getBot({ id: `${bots[0]?.id}` }))).toMatchObject({
      code: 404,
      type: "ResourceNotFound",
    });
    expect((await client.listBots({ tags: { smarteros: "t_01" } })).bots).toHaveLength(4);
  });

  it("changes a bot's tags: adds, retains omitted ones, removes by null", async () => {
    const { bot } = await client.createBot({ name: "tagged", tags: { team: "ventas", old: "x" } });
    const { bot: changed } = await client.updateBot({ id: bot.id, tags: { smarteros: "t_09", old: null } });
    expect(changed).toMatchObject({ name: "tagged", tags: { team: "ventas", smarteros: "t_09" } });
    expect((await client.getBot({ id: bot.id })).bot.tags).toEqual({ team: "ventas", smarteros: "t_09" });
    expect(await errorOf(client.updateBot({ id: "none", tags: {} }))).toMatchObject({ code: 404 });
  });

  // The reason why the connector does not disable bots. Fails to compile when the vendor adds the state to its responses.
  it("accepts that a bot is blocked and shows it in no response", async () => {
    const { bot } = await client.createBot({ name: "blocked" });
    const { bot: changed } = await client.updateBot({ id: bot.id, blocked: true });
    const shown = [changed, (await client.getBot({ id: bot.id })).bot];
    for (const one of shown) expect(one).not.toHaveProperty("blocked");
    expectTypeOf(changed).not.toHaveProperty("blocked");
    expectTypeOf<Bot>().not.toHaveProperty("blocked");
    expect(shown.map(({ status }) => status)).toEqual(["active", "active"]);
  });

  it("creates a workspace, sets its handle in a second call, and deletes it when it is empty", async () => {
    const workspace = await client.createWorkspace({ name: "Los Andes SpA [t_03]" });
    expect(workspace.handle).toBeUndefined();
    expect((await client.checkHandleAvailability({ handle: "t-03" })).available).toBe(true);
    await client.updateWorkspace({ id: workspace.id, handle: "t-03" });
    expect((await client.checkHandleAvailability({ handle: "t-03" })).available).toBe(false);
    expect((await client.listWorkspaces({ handle: "t-03" })).workspaces).toMatchObject([
      { id: workspace.id },
    ]);

    const other = await client.createWorkspace({ name: "Another" });
    expect(await errorOf(client.updateWorkspace({ id: other.id, handle: "t-03" }))).toMatchObject({
      code: 409,
      type: "AlreadyExists",
    });
    const inside = new Client({
      apiUrl: sandbox.url,
      token: `${sandbox.settings.BOTPRESS_TOKEN}`,
      workspaceId: workspace.id,
    });
    const { bot } = await inside.createBot({ name: "inside" });
    expect(await errorOf(client.deleteWorkspace({ id: workspace.id }))).toMatchObject({ code: 409 });
    await inside.deleteBot({ id: bot.id });
    await client.deleteWorkspace({ id: workspace.id });
    expect(await errorOf(client.getWorkspace({ id: workspace.id }))).toMatchObject({ code: 404 });
  });

  it.each([
    ["unauthorized", 401, "Unauthorized"],
    ["forbidden", 403, "Forbidden"],
    ["payment_required", 402, "PaymentRequired"],
    ["licence", 403, "QuotaExceeded"],
    ["rate_limited", 429, "RateLimited"],
    ["error", 500, "Internal"],
  ] as const)("parses %s", async (fault, code, type) => {
    sandbox.faults.add({ fault });
    expect(await errorOf(client.listBots({}))).toEqual({ code, type, isApiError: true });
  });
});
