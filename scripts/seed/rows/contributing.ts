import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { type Row, row } from "../row.ts";
import { send } from "../target.ts";
import { place } from "./server.ts";

const root = path.join(import.meta.dirname, "../../..");
const read = (file: string) => readFile(path.join(root, file), "utf8");

/** Creates a row that requires texts in a document. */
const says = (name: string, file: string, ...texts: string[]): Row =>
  row(name, async () => {
    const document = await read(file);
    for (const text of texts) assert.ok(document.includes(text), `${file} does not say ${text}`);
  });

export const contributingRows: Row[] = [
  says("contribute-branch", "CONTRIBUTING.md", "from `main`"),
  place("contribute-tool", "docs/adding-a-tool.md", "packages/tools-tenants/src/tools.ts"),
  place("contribute-register", "packages/tools-tenants/src/tools.ts", "packages/tools-fastapi/src/tools.ts"),
  says("contribute-docs", "CONTRIBUTING.md", "README.md"),
  row("contribute-lint", async () => {
    const { scripts } = JSON.parse(await read("package.json"));
    assert.equal(typeof scripts.lint, "string");
  }),
  says("support-slack", "README.md", "#smarteros-dev"),
  says("support-mail", "README.md", "soporte@smarterbot.cl"),
  says("support-docs", "README.md", "https://docs.smarterbot.cl"),
  row("version", async ({ url }) => {
    const { body } = await send(`${url}/api/mcp/ping`);
    assert.match(String(body.version), /^(?:0\.[2-9]|[1-9])/);
  }),
];
