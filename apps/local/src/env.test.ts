import path from "node:path";
import { expect, test } from "vitest";
import { readDataDirectory, readEmbedded, readSettings, root } from "./env.ts";

test("every setting has a default", () => {
  expect(readSettings({})).toEqual({
    webPort: 3000,
    supabasePort: 54_321,
    backendPort: 8000,
    setPorts: [],
    dataDirectory: path.join(root, ".smarteros"),
    isDefaultDirectory: true,
  });
});

test("a relative data directory starts at the root of the repository", () => {
  expect(readDataDirectory({ SMARTEROS_DATA_DIR: "elsewhere" })).toBe(path.join(root, "elsewhere"));
});

test("all invalid settings are reported together, without values", () => {
  const wrong = { WEB_PORT: "hunter2", SUPABASE_PORT: "70000", SMARTEROS_IDENTITY: "clerk-secret" };
  const message = failure(() => readSettings(wrong));
  for (const [name, value] of Object.entries(wrong)) {
    expect(message).toContain(name);
    expect(message).not.toContain(value);
  }
  expect(message).not.toContain("\n");
});

test("two parts cannot have one port", () => {
  expect(failure(() => readSettings({ WEB_PORT: "54321" }))).toContain(
    "WEB_PORT, SUPABASE_PORT, BACKEND_PORT must be three different ports",
  );
});

test.each(["CLERK_SECRET_KEY", "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY"])("does not start with %s", (name) => {
  const message = failure(() => readSettings({ [name]: "sk_live_hunter2" }));
  expect(message).toContain(name);
  expect(message).not.toContain("hunter2");
});

test("the embedded project uses the set Postgres version and row limit, or the defaults", () => {
  expect(readEmbedded({})).toEqual({ postgresVersion: undefined, maxRows: undefined });
  expect(readEmbedded({ EMBEDDED_POSTGRES: "16", EMBEDDED_MAX_ROWS: "50" })).toEqual({
    postgresVersion: "16",
    maxRows: 50,
  });
  expect(failure(() => readEmbedded({ EMBEDDED_POSTGRES: "15" }))).toContain("EMBEDDED_POSTGRES");
  expect(failure(() => readEmbedded({ EMBEDDED_MAX_ROWS: "0" }))).toContain("EMBEDDED_MAX_ROWS");
});

function failure(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("It did not fail.");
}
