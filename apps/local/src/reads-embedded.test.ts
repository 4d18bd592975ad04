import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readsEmbedded } from "./reads-embedded.ts";

const injects = `const { supabaseUrl } = inject(${JSON.stringify("embedded")});`;

function filesOf(texts: Record<string, string>): (name: string) => string {
  const folder = mkdtempSync(path.join(tmpdir(), "smarteros-reads-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(texts)) writeFileSync(path.join(folder, name), text);
  return (name) => path.join(folder, name);
}

test.each([
  ["itself", { "a.test.ts": injects }, true],
  ["by an import", { "a.test.ts": 'import { x } from "./b.ts";', "b.ts": injects }, true],
  [
    "by an import of an import",
    { "a.test.ts": 'import "./b.ts";', "b.ts": 'export * from "./c.ts";', "c.ts": injects },
    true,
  ],
  ["by a later import", { "a.test.ts": 'await import("./b.ts");', "b.ts": injects }, true],
  ["not, in a circle", { "a.test.ts": 'import "./b.ts";', "b.ts": 'import "./a.test.ts";' }, false],
  [
    "not, beside one that does",
    { "a.test.ts": 'import { z } from "zod"; import "./b.css";', "b.ts": injects },
    false,
  ],
])("a file reads the embedded project %s", (_, texts, expected) => {
  expect(readsEmbedded(filesOf(texts)("a.test.ts"))).toBe(expected);
});
