import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.join(import.meta.dirname, "..");

test("what every package compiles with is part of every task's cache key", () => {
  const turbo = path.join(root, "node_modules/turbo/bin/turbo");
  const words = [turbo, "run", "typecheck", "--filter=@smarteros/core", "--dry=json"];
  const plan = JSON.parse(execFileSync(process.execPath, words, { cwd: root, encoding: "utf8" }));
  expect(Object.keys(plan.globalCacheInputs.files)).toEqual(["tsconfig.json", "vitest.d.ts"]);
});
