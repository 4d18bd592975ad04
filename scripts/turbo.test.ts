import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.join(import.meta.dirname, "..");
const turbo = path.join(root, "node_modules/turbo/bin/turbo");

type Plan = {
  globalCacheInputs: { files: Record<string, string> };
  tasks: { taskId: string; dependencies: string[] }[];
};

function plan(...args: string[]): Plan {
  const output = execFileSync(process.execPath, [turbo, "run", ...args, "--dry=json"], {
    cwd: root,
    encoding: "utf8",
  });
  return JSON.parse(output);
}

test("the shared compiler settings are part of every task's cache key", () => {
  const { globalCacheInputs } = plan("typecheck", "--filter=@smarteros/core");
  expect(Object.keys(globalCacheInputs.files)).toEqual(["tsconfig.json", "vitest.d.ts"]);
});

test.each([
  "@smarteros/web#build",
  "@smarteros/web#typecheck",
  "@smarteros/mcp-stdio#build",
  "@smarteros/bench#peers:stdio",
  "@smarteros/bench#peers:clerk",
  "@smarteros/bench#peers:console",
])("%s waits for no other build, and a change of core is part of its cache key", (task) => {
  const { tasks } = plan(task);
  const needed = new Set<string>();
  const follow = (id: string) => {
    if (needed.has(id)) return;
    needed.add(id);
    for (const next of tasks.find(({ taskId }) => taskId === id)?.dependencies ?? []) follow(next);
  };
  follow(task);
  expect(needed).toContain("@smarteros/core#transit");
  const builds = [...needed].filter((id) => id.endsWith("#build"));
  expect(builds).toEqual(builds.filter((id) => id.startsWith(`${task.split("#")[0]}#`)));
});
