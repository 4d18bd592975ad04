import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkWebLayers } from "./check-web-layers.ts";

/** Writes files of a web app by their path below apps/web/src. */
function webApp(files: Record<string, string>): string {
  const root = mkdtempSync(path.join(tmpdir(), "smarteros-layers-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, "apps/web/src", name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return root;
}

const empty = "export {};";

test("imports of lower layers and of listed features are accepted", async () => {
  const root = webApp({
    "app/page.tsx": 'import "../features/runs/a.ts";',
    "features/runs/a.ts": 'import { b } from "../live/b.ts";\nimport "../../http/c.ts";',
    "features/live/b.ts": empty,
    "http/c.ts": empty,
  });
  expect(await checkWebLayers(root)).toBeUndefined();
});

test("the database's client and adapters are accepted where the app is composed and in tests, its settings everywhere", async () => {
  const root = webApp({
    "app-context.ts":
      'import { asUser } from "@smarteros/supabase";\nimport { supabaseAlertEditor } from "@smarteros/alerts/supabase";',
    "features/runs/a.test.ts": 'import { asUser } from "@smarteros/supabase";',
    "env.ts": 'import { supabaseSettings } from "@smarteros/supabase/settings";',
  });
  expect(await checkWebLayers(root)).toBeUndefined();
});

test.each([
  ["an import of a layer above", "http/c.ts", 'import { a } from "../features/runs/a.ts";', "a layer above"],
  ["a lazy import of a layer above", "http/c.ts", 'import("../features/runs/a.ts");', "a layer above"],
  ["an import of a feature not listed", "features/live/b.ts", 'import "../runs/a.ts";', "another feature"],
  [
    "an import of the database's client",
    "features/live/b.ts",
    'import { readRows } from "@smarteros/supabase";',
    "through a port",
  ],
  [
    "a lazy import of the database's client",
    "http/c.ts",
    'await import("@smarteros/supabase");',
    "through a port",
  ],
  [
    "an import of an adapter",
    "features/live/b.ts",
    'import { supabaseTenants } from "@smarteros/tools-tenants/supabase";',
    "through a port",
  ],
  ["a file in no layer", "helpers/d.ts", empty, "no layer"],
])("%s is refused", async (_, file, text, problem) => {
  const root = webApp({ "features/runs/a.ts": empty, [file]: text });
  expect(await checkWebLayers(root)).toContain(problem);
});
