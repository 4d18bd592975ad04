import { generateKeyPairSync } from "node:crypto";
import { describe, expect, inject, test } from "vitest";
import { parseEnvironment } from "../src/env.ts";
import { clerkEnvironment, localEnvironment, publicPem } from "./environments.ts";

const embedded = inject("embedded");
const origin = "http://127.0.0.1:3000";
const local = localEnvironment(embedded, origin);
const clerk = clerkEnvironment(embedded, origin);
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const privatePem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const vercel = { ...clerk, CLERK_AUTHORIZED_PARTIES: "", CLERK_ISSUER: "", CLERK_JWT_KEY: "", VERCEL: "1" };

function problemsOf(environment: Record<string, string>) {
  const parsed = parseEnvironment(environment);
  return parsed.ok ? [] : parsed.problems;
}

function settingsOf(environment: Record<string, string>) {
  const parsed = parseEnvironment(environment);
  if (!parsed.ok) throw new Error(parsed.problems.join("; "));
  return parsed.value;
}

describe("a setting that is half there or wrong stops the app, by name and without its value", () => {
  test.each<[string, Record<string, string>, string]>([
    [
      "local identity beside Clerk's publishable key",
      { ...clerk, ...local },
      "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY",
    ],
    [
      "local identity beside Clerk's secret key",
      { ...local, CLERK_SECRET_KEY: "sk_test_x" },
      "CLERK_SECRET_KEY",
    ],
    ["local identity beside a JWT key", { ...local, CLERK_JWT_KEY: publicPem(embedded) }, "CLERK_JWT_KEY"],
    ["local identity on Vercel", { ...local, VERCEL: "1" }, "VERCEL"],
    [
      "local identity on a hosted database",
      { ...local, NEXT_PUBLIC_SUPABASE_URL: "https://x.supabase.co" },
      "NEXT_PUBLIC_SUPABASE_URL",
    ],
    [
      "local identity on a host that begins alike",
      { ...local, NEXT_PUBLIC_SUPABASE_URL: "http://127.0.0.1.evil.example" },
      "NEXT_PUBLIC_SUPABASE_URL",
    ],
    [
      "local identity that knows no origin",
      { ...local, CLERK_AUTHORIZED_PARTIES: "" },
      "CLERK_AUTHORIZED_PARTIES",
    ],
    ["another identity", { ...clerk, SMARTEROS_IDENTITY: "none" }, "SMARTEROS_IDENTITY"],
    ["Clerk without a secret key", { ...clerk, CLERK_SECRET_KEY: "" }, "CLERK_SECRET_KEY"],
    [
      "Clerk without a publishable key",
      { ...clerk, NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: " " },
      "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY",
    ],
    [
      "a publishable key of no host",
      { ...clerk, NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: "pk_test_aGVsbG8" },
      "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY",
    ],
    [
      "a secret key in the wrong place",
      { ...clerk, NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: "sk_test_x" },
      "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY",
    ],
    ["a private key for a public one", { ...clerk, CLERK_JWT_KEY: privatePem }, "CLERK_JWT_KEY"],
    ["a key that was cut", { ...clerk, CLERK_JWT_KEY: publicPem(embedded).slice(0, 200) }, "CLERK_JWT_KEY"],
    [
      "Clerk outside Vercel that knows no origin",
      { ...clerk, CLERK_AUTHORIZED_PARTIES: "" },
      "CLERK_AUTHORIZED_PARTIES",
    ],
    [
      "an origin that is none",
      { ...clerk, CLERK_AUTHORIZED_PARTIES: `${origin},*` },
      "CLERK_AUTHORIZED_PARTIES",
    ],
    [
      "an origin of another scheme",
      { ...clerk, CLERK_AUTHORIZED_PARTIES: "javascript:alert(1)" },
      "CLERK_AUTHORIZED_PARTIES",
    ],
    ["a limit of none", { ...clerk, MCP_RATE_LIMIT: "0" }, "MCP_RATE_LIMIT"],
    ["a limit in words", { ...clerk, MCP_RATE_LIMIT: "many" }, "MCP_RATE_LIMIT"],
    ["days of grace below none", { ...clerk, DELETE_GRACE_DAYS: "-1" }, "DELETE_GRACE_DAYS"],
    ["paths of the backend without end", { ...clerk, FASTAPI_PATHS: "[" }, "FASTAPI_PATHS"],
    ["a backend by file", { ...clerk, FASTAPI_URL: "file:///etc/passwd" }, "FASTAPI_URL"],
  ])("%s", (_what, environment, name) => {
    const problems = problemsOf(environment);
    expect(problems.join()).toContain(name);
    const values = Object.values(environment).filter((value) => value.length > 5 && value !== "local");
    for (const value of values) expect(problems.join()).not.toContain(value);
  });

  test("all of them are named at once", () => {
    const problems = problemsOf({ MCP_RATE_LIMIT: "x", FASTAPI_URL: "x" }).join();
    for (const name of [
      "MCP_RATE_LIMIT",
      "FASTAPI_URL",
      "NEXT_PUBLIC_SUPABASE_URL",
      "NEXT_PUBLIC_SUPABASE_ANON_KEY",
    ])
      expect(problems).toContain(name);
  });
});

describe("what is left out closes, and never opens", () => {
  test.each(["", "TRUE", "1", "yes", "true!", "false"])("MCP_ENABLED=%j is off", (value) => {
    expect(settingsOf({ ...clerk, MCP_ENABLED: value }).enabled).toBe(false);
  });

  test("Clerk is the identity where none is named, by its own issuer and key set", () => {
    const { identity } = settingsOf({ ...clerk, CLERK_ISSUER: "", CLERK_JWT_KEY: "" });
    expect(identity).toMatchObject({
      kind: "clerk",
      issuer: "https://example.clerk.accounts.dev",
      key: { jwksUrl: "https://example.clerk.accounts.dev/.well-known/jwks.json" },
    });
  });

  test("on Vercel the deployment's own origins are taken, and only those", () => {
    const { identity, serverless } = settingsOf({
      ...vercel,
      VERCEL_URL: "app-x1.vercel.app",
      VERCEL_PROJECT_PRODUCTION_URL: "app.smarterbot.cl",
    });
    expect(identity.origins).toEqual(["https://app.smarterbot.cl", "https://app-x1.vercel.app"]);
    expect(serverless).toBe(true);
    const named = settingsOf({
      ...vercel,
      VERCEL_URL: "app-x1.vercel.app",
      CLERK_AUTHORIZED_PARTIES: `${origin}/`,
    });
    expect(named.identity.origins).toEqual([origin]);
  });

  test("a key with its line breaks written out is the same key", () => {
    const written = publicPem(embedded).replaceAll("\n", "\\n");
    expect(settingsOf({ ...clerk, CLERK_JWT_KEY: written }).identity.key).toEqual({
      pem: publicPem(embedded),
    });
  });
});
