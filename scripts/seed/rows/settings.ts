import assert from "node:assert/strict";
import { parseEnvironment } from "../../../apps/web/src/env.ts";
import { type Row, row } from "../row.ts";

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** The seed's list for Vercel with valid values, and Vercel's own variables. */
const listed: Record<string, string> = {
  MCP_ENABLED: "true",
  NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: `pk_live_${Buffer.from("clerk.smarterbot.cl$").toString("base64")}`,
  CLERK_SECRET_KEY: "sk_live_0123456789",
  NEXT_PUBLIC_SUPABASE_URL: "https://abcdefghijklmnopqrst.supabase.co",
  NEXT_PUBLIC_SUPABASE_ANON_KEY: `${encoded({ alg: "HS256" })}.${encoded({ role: "anon", ref: "abcdefghijklmnopqrst" })}.c2ln`,
  FASTAPI_URL: "https://api.smarterbot.cl",
};
const vercel = { VERCEL: "1", VERCEL_URL: "app.smarterbot.cl" };

function settingsOf(change: Record<string, string | undefined> = {}) {
  const settings = parseEnvironment({ ...listed, ...vercel, ...change });
  if (!settings.ok) throw new Error(settings.problems.join("; "));
  return settings.value;
}

/** Creates a row about a variable without which the web app reports its name and does not start. */
const required = (check: string, name: string): Row =>
  row(check, async () => {
    settingsOf();
    const without = parseEnvironment({ ...listed, ...vercel, [name]: undefined });
    assert.ok(!without.ok && without.problems.some((problem) => problem.includes(name)), name);
  });

const switches = (check: string, name: string, isOn: (settings: ReturnType<typeof settingsOf>) => boolean) =>
  row(check, async () => {
    assert.equal(isOn(settingsOf({ [name]: "true" })), true);
    for (const value of ["TRUE", "1", "yes", undefined])
      assert.equal(isOn(settingsOf({ [name]: value })), false, String(value));
  });

export const flagRows: Row[] = [
  switches("flag-mcp-log-db", "MCP_LOG_DB", ({ logToDatabase }) => logToDatabase),
  row("flag-fastapi-url", async () => {
    assert.equal(settingsOf({ FASTAPI_URL: undefined }).backend?.url, "https://api.smarterbot.cl");
  }),
];

export const vercelRows: Row[] = [
  switches("vercel-mcp-enabled", "MCP_ENABLED", ({ enabled }) => enabled),
  required("vercel-clerk-publishable-key", "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY"),
  required("vercel-clerk-secret-key", "CLERK_SECRET_KEY"),
  required("vercel-supabase-url", "NEXT_PUBLIC_SUPABASE_URL"),
  required("vercel-supabase-anon-key", "NEXT_PUBLIC_SUPABASE_ANON_KEY"),
  row("vercel-fastapi-url", async () => {
    const FASTAPI_URL = "https://backend.smarterbot.cl";
    assert.equal(settingsOf({ FASTAPI_URL }).backend?.url, FASTAPI_URL);
  }),
  row("vercel-mcp-log-db", async () => {
    assert.equal(settingsOf().logToDatabase, false);
  }),
];
