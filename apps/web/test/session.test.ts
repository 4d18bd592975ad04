import { describe, expect, inject, test } from "vitest";
import { outcome, post, send } from "./http-client.ts";
import { tokenOf } from "./tokens.ts";
import { logOf } from "./web-server.ts";

const { local, clerk } = inject("web");
const form = (user: string, headers: Record<string, string> = { Origin: local.url }) => ({
  method: "POST",
  headers,
  body: new URLSearchParams({ user }),
});

// The embedded identity of the tests makes tokens for the origin that setup gives it, not for ours: what the cookie
// holds is tried in the browser's tests, on the whole stack.
describe("signing in by the local identity", () => {
  test("sets a cookie that no script reads and no other site sends, and goes to the panel", async () => {
    const { status, headers, text } = await send(local, "/session/sign-in", form("operator-a"));
    expect([status, headers.get("location"), text]).toEqual([303, "/dashboard", ""]);
    expect(headers.get("cache-control")).toBe("no-store");
    const [cookie, ...more] = headers.getSetCookie();
    expect(more).toEqual([]);
    expect(cookie).toMatch(
      /^__session=eyJ[\w-]+\.[\w-]+\.[\w-]+; Expires=[^;]+ GMT; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const expires = new Date(/Expires=([^;]+)/.exec(cookie ?? "")?.[1] ?? 0).getTime() - Date.now();
    expect(expires / 60_000).toBeGreaterThan(58);
    expect(expires / 60_000).toBeLessThanOrEqual(60);
    expect(logOf(local)).not.toContain(cookie?.split(".")[1]);
  });

  test.each<[string, Record<string, string>]>([
    ["another site", { Origin: "https://evil.example" }],
    ["a page that hides where it is", { Origin: "null" }],
    ["another site that names our origin", { Origin: local.url, "Sec-Fetch-Site": "cross-site" }],
    ["nobody knows where", {}],
  ])("is not there for %s, and neither is signing out", async (_where, headers) => {
    for (const path of ["/session/sign-in", "/session/sign-out"]) {
      const answer = await send(local, path, form("admin", headers));
      expect([path, answer.status, answer.headers.getSetCookie()]).toEqual([path, 404, []]);
    }
  });

  test.each([
    ["an unknown user", form("root")],
    ["no user", form("")],
    ["a form that is too large", form("x".repeat(5_000))],
    [
      "JSON",
      {
        method: "POST",
        headers: { Origin: local.url, "Content-Type": "application/json" },
        body: '{"user":"admin"}',
      },
    ],
    ["nothing", { method: "POST", headers: { Origin: local.url } }],
  ])("%s is refused without a cookie", async (_what, request) => {
    const answer = await send(local, "/session/sign-in", request);
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([400, []]);
  });

  test("a link signs nobody in or out", async () => {
    for (const path of ["/session/sign-in?user=admin", "/session/sign-out"])
      expect((await send(local, path)).status).toBe(405);
  });
});

test("signing out takes the cookie away and goes to the front page", async () => {
  const { status, headers } = await send(local, "/session/sign-out", form(""));
  expect([status, headers.get("location")]).toEqual([303, "/"]);
  expect(headers.getSetCookie()).toEqual(["__session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"]);
});

test("with Clerk these endpoints do not exist", async () => {
  for (const path of ["/session/sign-in", "/session/sign-out"]) {
    const answer = await send(clerk, path, form("admin", { Origin: clerk.url }));
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([404, []]);
  }
});

test("a token of one web app is none of another's, although both trust the same identity", async () => {
  expect(outcome(await post(clerk, await tokenOf(local), { name: "tenants.list" }))).toEqual([
    401,
    "unauthorized",
  ]);
});
