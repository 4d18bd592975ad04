import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Stack, startSupabase } from "../apps/local/src/stack.ts";
import { unboundedAmong } from "../sql/test/lint/problems.ts";
import { callSites } from "./supabase-requests/call-sites.ts";
import { comparison } from "./supabase-requests/compare.ts";
import { document } from "./supabase-requests/document.ts";
import { beginNoting, nestedStatements, noteStatements } from "./supabase-requests/nested-statements.ts";
import { sendersOf } from "./supabase-requests/principals.ts";
import { watchRequests } from "./supabase-requests/recorder.ts";
import { scenarios } from "./supabase-requests/scenarios.ts";
import { seed } from "./supabase-requests/seed.ts";

// Compares every request of the product to Supabase between the embedded REST API and PostgREST's SQL on the same rows.

describe.each([{ maxRows: 50 }, { maxRows: 1000 }])("with max-rows $maxRows", ({ maxRows }) => {
  const dataDirectory = path.join(mkdtempSync(path.join(tmpdir(), "smarteros-requests-")), "data");
  let stack: Stack;
  let compare: Awaited<ReturnType<typeof comparison>>;
  const failures: string[] = [];
  const nested: string[] = [];

  beforeAll(async () => {
    const options = { dataDirectory, maxRows, webOrigin: "http://127.0.0.1:3000", log: () => undefined };
    stack = await startSupabase(options);
    await noteStatements(stack);
    await stack.stop();
    stack = await startSupabase(options);
    await beginNoting(stack);
    for (const [name, value] of Object.entries(webEnvironment(stack))) vi.stubEnv(name, value);
    // Cached per process; composed again from the stubbed environment.
    delete (globalThis as Record<symbol, unknown>)[Symbol.for("smarteros.web.services")];
    const database = postgres(stack.superuserUrl, { max: 1, onnotice: () => undefined });
    const seeded = await seed(database);
    await database.end();
    const senders = await sendersOf(stack);
    compare = await comparison(stack, senders, maxRows);
    const unwatch = await watchRequests(stack.supabaseUrl, compare.handle);
    const project = {
      url: stack.supabaseUrl,
      publishableKey: stack.publishableKey,
      secretKey: stack.secretKey,
    };
    for (const [name, run] of Object.entries(scenarios({ project, senders, seeded }))) {
      await run().catch((error: unknown) => failures.push(`${name}: ${(error as Error).stack}`));
    }
    unwatch();
    nested.push(...(await nestedStatements(stack)));
  }, 600_000);

  afterAll(async () => {
    vi.unstubAllEnvs();
    await compare?.end();
    await stack?.stop();
    rmSync(path.dirname(dataDirectory), { recursive: true, force: true });
  });

  test("every scenario completes", () => expect([...failures, ...compare.failures]).toEqual([]));

  test("the embedded REST API responds and writes as PostgREST's SQL does, for every sender", () => {
    const different = compare.compared.flatMap(({ sent, differences }) =>
      differences.map((difference) => ({
        request: `${sent.method} ${sent.url}`,
        body: sent.body,
        ...difference,
      })),
    );
    expect(compare.compared.length).toBeGreaterThan(70);
    expect(different).toEqual([]);
  });

  test("no function ran an UPDATE or DELETE without WHERE, dynamic SQL included", async () => {
    expect(nested.filter((text) => /\bupdate\b/i.test(text)).length).toBeGreaterThan(10);
    expect(await unboundedAmong(nested)).toEqual([]);
  });

  test("every place in the product that sends a request is compared", () => {
    const seen = new Set(compare.compared.map(({ sent }) => `${sent.file}:${sent.line}`));
    const missing = callSites().filter(({ file, line }) => !seen.has(`${file}:${line}`));
    expect(missing).toEqual([]);
  });

  if (maxRows === 1000)
    test("docs/supabase-requests.md is up to date", async () => {
      await expect(document(compare.compared)).toMatchFileSnapshot("../docs/supabase-requests.md");
    });
});

function webEnvironment(stack: Stack): Record<string, string> {
  return {
    SMARTEROS_IDENTITY: "local",
    CLERK_AUTHORIZED_PARTIES: "http://127.0.0.1:3000",
    NEXT_PUBLIC_SUPABASE_URL: stack.supabaseUrl,
    NEXT_PUBLIC_SUPABASE_ANON_KEY: stack.publishableKey,
    SUPABASE_SERVICE_ROLE_KEY: stack.secretKey,
  };
}
