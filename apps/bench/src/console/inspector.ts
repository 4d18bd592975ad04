import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "@playwright/test";
import getPort from "get-port";
import { manyTools, toolCount } from "./many-tools.ts";
import { type Subject, screen } from "./subject.ts";

const launcher = fileURLToPath(
  new URL(
    "clients/launcher/build/index.js",
    import.meta.resolve("@modelcontextprotocol/inspector/package.json"),
  ),
);
const probe = path.join(import.meta.dirname, "../../dist/hundred-tools.js");
const token = "bench";
const listTool = manyTools(toolCount).find(({ name }) => name === "tenants0.list")?.alias ?? "";

/** Starts the MCP Inspector's web page with our probe server and a temporary home folder. */
export async function startInspector(browser: Browser): Promise<Subject> {
  const home = mkdtempSync(path.join(tmpdir(), "smarteros-inspector-"));
  // One server with as many tools as our catalog, and one with a hundred.
  const server = (count: number) => ({ command: process.execPath, args: [probe, String(count)] });
  const config = path.join(home, "servers.json");
  writeFileSync(config, JSON.stringify({ mcpServers: { few: server(toolCount), many: server(100) } }));
  const port = await getPort({ host: "127.0.0.1" });
  const origin = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [launcher, "--web", "--config", config], {
    cwd: home,
    env: {
      PATH: "/usr/bin:/bin",
      HOME: home,
      HOST: "127.0.0.1",
      CLIENT_PORT: String(port),
      MCP_SANDBOX_PORT: "0",
      MCP_AUTO_OPEN_ENABLED: "false",
      MCP_INSPECTOR_API_TOKEN: token,
      MCP_INSPECTOR_SECRET_STORE: "memory",
      MCP_STORAGE_DIR: path.join(home, "storage"),
    },
    stdio: "ignore",
  });
  async function stop() {
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), 5_000);
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    clearTimeout(force);
    rmSync(home, { recursive: true, force: true });
  }
  for (const end = Date.now() + 30_000; ; ) {
    if (await fetch(origin).catch(() => undefined)) break;
    if (Date.now() > end || child.exitCode !== null) {
      await stop();
      throw new Error("The MCP Inspector did not start.");
    }
    await sleep(100);
  }

  // The input is covered by its label, which a person clicks.
  const toggle = (page: Page, name: string) => page.getByRole("switch", { name }).locator("xpath=..");
  const connection = (page: Page, name: string) => toggle(page, `"${name}"`);
  const tools = (page: Page) => page.getByRole("radiogroup").getByText("Tools", { exact: true });
  const execute = (page: Page) => page.getByRole("button", { name: "Execute Tool" });

  const visitor = () => browser.newPage(screen);
  async function firstScreen(page: Page) {
    await page.goto(`${origin}/?MCP_INSPECTOR_API_TOKEN=${token}`);
    await connection(page, "few").waitFor();
  }
  async function connected(name: string) {
    const page = await visitor();
    await firstScreen(page);
    await connection(page, name).click();
    await tools(page).click();
    return page;
  }

  return {
    visitor,
    firstScreen,
    firstCall: (page) => [
      connection(page, "few"),
      tools(page),
      page.getByRole("button", { name: listTool }),
      execute(page),
    ],
    async ready(bytes) {
      const page = await connected("few");
      await page.getByRole("button", { name: "json", exact: true }).click();
      await page.getByRole("textbox", { name: "bytes" }).fill(String(bytes));
      return { page, run: execute(page) };
    },
    // The class of an object's key in the Inspector's editor.
    result: ".ace_text-layer .ace_variable",
    async crowded() {
      const page = await connected("many");
      const asJson = toggle(page, "Edit as JSON");
      return {
        page,
        search: page.getByRole("textbox", { name: "Search tools..." }),
        tool: ({ alias }) => page.getByRole("button", { name: alias }),
        asJson,
        asForm: asJson,
      };
    },
    stop,
  };
}
