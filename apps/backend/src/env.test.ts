import { describe, expect, it } from "vitest";
import { parseEnvironment } from "./env.ts";

const enough = {
  FASTAPI_SECRET: "of the tests alone, 32 characters and more",
  NEXT_PUBLIC_SUPABASE_URL: "https://x.supabase.co",
  SUPABASE_SERVICE_ROLE_KEY: "sb_secret_x",
};

describe("the settings", () => {
  it("require three names and default to loopback, port 8000", () => {
    expect(parseEnvironment(enough)).toMatchObject({
      ok: true,
      value: {
        host: "127.0.0.1",
        port: 8000,
        origin: "http://127.0.0.1:8000",
        secret: enough.FASTAPI_SECRET,
        supabase: { url: "https://x.supabase.co", serviceRoleKey: "sb_secret_x" },
      },
    });
  });

  it("use the origin of BACKEND_URL as audience of assertions", () => {
    const settings = parseEnvironment({ ...enough, BACKEND_URL: "https://api.smarterbot.cl/v1/" });
    expect(settings).toMatchObject({ ok: true, value: { origin: "https://api.smarterbot.cl" } });
  });

  it("provision with the configured vendors, and listen on a database where one is given", () => {
    const settings = parseEnvironment({
      ...enough,
      DATABASE_URL: "postgres://postgres:hush@127.0.0.1:5432/postgres",
      ODOO_URL: "https://odoo.test",
      DELETE_GRACE_DAYS: "7",
    });
    expect(settings).toMatchObject({
      ok: true,
      value: {
        provisioning: {
          databaseUrl: expect.stringContaining("127.0.0.1"),
          graceDays: 7,
          connectors: { ODOO_URL: "https://odoo.test" },
        },
      },
    });
  });

  it("are all named when missing", () => {
    expect(parseEnvironment({ FASTAPI_SECRET: " " })).toEqual({
      ok: false,
      problems: ["NEXT_PUBLIC_SUPABASE_URL is missing", "SUPABASE_SERVICE_ROLE_KEY is missing"].map(
        (problem) => expect.stringContaining(problem),
      ),
    });
  });

  it.each([
    ["FASTAPI_SECRET", "short-hush"],
    ["BACKEND_PORT", "0"],
    ["BACKEND_PORT", "65536"],
    ["BACKEND_PORT", "8000hush"],
    ["BACKEND_HOST", "a host hush"],
    ["BACKEND_URL", "hush"],
    ["BACKEND_URL", "ftp://hush"],
    ["NEXT_PUBLIC_SUPABASE_URL", "hush"],
    ["DATABASE_URL", "https://hush"],
    ["DELETE_GRACE_DAYS", "hush"],
    ["CHATWOOT_URL", "hush"],
    ["N8N_WEBHOOK_SECRET", "hush"],
  ])("%s=%s is refused by name and not shown", (name, value) => {
    const settings = parseEnvironment({ ...enough, [name]: value });
    expect(settings.ok).toBe(false);
    expect(JSON.stringify(settings)).toContain(name);
    expect(JSON.stringify(settings)).not.toContain("hush");
  });
});
