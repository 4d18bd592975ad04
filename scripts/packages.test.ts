import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

// Tests the packed tarballs in a project outside this workspace.

const root = fileURLToPath(new URL("..", import.meta.url));
const names = readdirSync(path.join(root, "packages")).filter((name) => {
  const manifest = JSON.parse(readFileSync(path.join(root, "packages", name, "package.json"), "utf8"));
  return !manifest.private;
});
const folder = mkdtempSync(path.join(tmpdir(), "smarteros-consumer-"));
const tarball = (name: string) => path.join(folder, `${name}.tgz`);

const execute = promisify(execFile);
async function run(command: string, args: string[], cwd: string) {
  try {
    return (await execute(command, args, { cwd, encoding: "utf8", maxBuffer: 1e8 })).stdout;
  } catch (failed) {
    const { stdout, stderr } = failed as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}`);
  }
}

beforeAll(async () => {
  await Promise.all(
    names.map((name) => run("pnpm", ["pack", "--out", tarball(name)], path.join(root, "packages", name))),
  );
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(names)(
  "%s is packed as publint and attw want it, with its build and without its tests",
  async (name) => {
    await run("pnpm", ["exec", "publint", "--strict", tarball(name)], root);
    await run("pnpm", ["exec", "attw", "--profile", "esm-only", tarball(name)], root);
    const files = await run("tar", ["tzf", tarball(name)], folder);
    expect(files).toContain("package/dist/index.js");
    expect(files).not.toMatch(/\.test\.|\.contract\.|\.env|tsconfig/);
    const manifest = await run("tar", ["xzOf", tarball(name), "package/package.json"], folder);
    expect(manifest).not.toMatch(/workspace:|catalog:/);
  },
);

it("types and runs in an empty project, with library checks on", async () => {
  const local = Object.fromEntries(names.map((name) => [`@smarteros/${name}`, `file:${tarball(name)}`]));
  const manifest = {
    private: true,
    type: "module",
    dependencies: {
      ...local,
      zod: "^4",
      "@opentelemetry/api": "^1",
      typescript: "7.0.2",
      "@types/node": "^24",
    },
    overrides: local,
  };
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(path.join(folder, "program.ts"), program);
  await run("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts"], folder);
  const options = [
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "false",
    "--module",
    "nodenext",
    "--target",
    "es2024",
  ];
  await run("npx", ["--no-install", "tsc", ...options, "--types", "node", "program.ts"], folder);
  expect(await run(process.execPath, ["program.ts"], folder)).toContain("76086428-5 conflict");
}, 180_000);

const program = `
import { createCatalog, createPipeline, createPrincipal, lineLogger } from "@smarteros/core";
import { createRecorder } from "@smarteros/observability";
import { memoryLimiter } from "@smarteros/rate-limit";
import { tenantTools, type TenantPorts } from "@smarteros/tools-tenants";
import { memoryTenants } from "@smarteros/tools-tenants/testing";
const recorder = createRecorder({ logger: lineLogger({ info() {}, error() {} }), lifetime: "long" });
const pipeline = createPipeline<TenantPorts>({ enabled: true, catalog: createCatalog<TenantPorts>(tenantTools), limiter: memoryLimiter({ calls: 30 }), recorder });
const call = { name: "tenants.create", args: { rut: "76.086.428-5", businessName: "Demo SpA" }, principal: createPrincipal("user_1", "operator"), ports: { tenants: memoryTenants() }, transport: "http" as const, requestId: "1" };
const [first, second] = [await pipeline.invoke(call), await pipeline.invoke(call)];
console.log(first.ok && (first.result as { tenant: { rut: string } }).tenant.rut, !second.ok && second.error.code);
`;
