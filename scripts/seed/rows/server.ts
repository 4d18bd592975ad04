import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import path from "node:path";
import { type Row, row } from "../row.ts";
import { stdioClient, stdioServer } from "../stdio-server.ts";
import { send, type Target } from "../target.ts";

const root = path.join(import.meta.dirname, "../../..");
const ownProcess = "an MCP client starts the server itself: it is checked on the embedded default";

/** Creates a row about the current place of a part of the seed. */
export const place = (name: string, ...files: string[]): Row =>
  row(name, async () => {
    await Promise.all(files.map((file) => access(path.join(root, file))));
  });

/** Fetches the caller's list of tools once for all checks. */
export const listedTools = (target: Target) =>
  target.once("listed tools", async () => (await target.user.get("/api/mcp/tool")).body.availableTools ?? []);

export const serverRows: Row[] = [
  row("summary-tools", async (target) => {
    const names = (await listedTools(target)).map(({ name }) => name);
    for (const tool of ["tenants.create", "services.provision", "health.timeline", "analytics.summary"])
      assert.ok(names.includes(tool), `${tool} is not listed`);
  }),
  row("summary-routes", async ({ url }) => {
    const { status, body } = await send(`${url}/api/mcp/tool`, { method: "POST" });
    assert.deepEqual([status, body.error], [401, "unauthorized"]);
  }),
  row("summary-console", async ({ url }) => {
    const { status } = await send(`${url}/dashboard/mcp`);
    assert.ok(status < 400, `/dashboard/mcp responds with ${status}`);
  }),
  place("server-file", "packages/mcp/src/server.ts", "apps/mcp-stdio/src/main.ts"),
  row(
    "server-protocol",
    async (target) => {
      const { client } = await stdioClient(target);
      assert.equal(client.getServerVersion()?.name, "smarteros-mcp");
      assert.ok(client.getServerCapabilities()?.tools, "the server has no tools");
    },
    { embedded: ownProcess },
  ),
  row(
    "server-stdio",
    async (target) => {
      const { client } = await stdioClient(target);
      const { isError } = await client.callTool({ name: "tenants_list", arguments: {} });
      assert.notEqual(isError, true);
    },
    { embedded: ownProcess },
  ),
  row("server-registry", async (target) => {
    const tools = await listedTools(target);
    assert.ok(tools.length > 0);
    for (const { name, inputSchema } of tools)
      assert.partialDeepStrictEqual(inputSchema, { type: "object", additionalProperties: false }, name);
    const { status, body } = await target.user.call("tenants.list", { limit: "many" });
    assert.deepEqual([status, body.error, body.issues?.[0]?.path], [400, "invalid_input", "limit"]);
  }),
  row(
    "server-switch",
    async (target) => {
      const { client, stop } = await stdioServer(target, { MCP_ENABLED: "no" });
      const tools = await client.listTools().then(
        (list) => list.tools,
        () => [],
      );
      await stop();
      assert.deepEqual(tools, []);
    },
    { embedded: ownProcess },
  ),
];
