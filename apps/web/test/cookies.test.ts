import { describe, expect, inject, test } from "vitest";
import { call, outcome, post, send } from "./http-client.ts";
import { newUser, sessionToken, tokenOf } from "./tokens.ts";

const web = inject("web");

describe.each(["local", "clerk"] as const)("a session cookie with %s identity", (kind) => {
  const server = web[kind];
  const evil = "https://evil.example";
  const { port } = new URL(server.url);

  test.each<[string, Record<string, string>]>([
    ["another origin", { Origin: evil }],
    ["another origin of the same site", { Origin: `http://127.0.0.1:${Number(port) + 1}` }],
    ["another scheme", { Origin: server.url.replace("http:", "https:") }],
    ["an origin that begins alike", { Origin: `${server.url}.evil.example` }],
    ["an origin that hides", { Origin: "null" }],
    ["an empty origin", { Origin: "" }],
    ["another site", { "Sec-Fetch-Site": "cross-site" }],
    ["a neighbour of the same site", { "Sec-Fetch-Site": "same-site" }],
    ["another site that names our origin", { Origin: server.url, "Sec-Fetch-Site": "cross-site" }],
    ["our origin in capitals", { Origin: server.url.toUpperCase() }],
    ["a browser with a word of its own", { "Sec-Fetch-Site": "whatever" }],
  ])("is refused from %s", async (_where, headers) => {
    const answer = await post(
      server,
      undefined,
      { name: "tenants.list" },
      { ...headers, ...(await cookie()) },
    );
    expect(outcome(answer)).toEqual([403, "forbidden"]);
    const recent = await send(server, "/api/mcp/invocations/recent", {
      headers: { ...headers, ...(await cookie()) },
    });
    expect(recent.status).toBe(403);
  });

  test.each<[string, Record<string, string>]>([
    ["our own page", { Origin: server.url, "Sec-Fetch-Site": "same-origin" }],
    ["our own page in an older browser", { Origin: server.url }],
    ["the address bar", { "Sec-Fetch-Site": "none" }],
    ["cURL, which says nothing", {}],
  ])("is taken from %s", async (_where, headers) => {
    const answer = await post(
      server,
      undefined,
      { name: "tenants.list" },
      { ...headers, ...(await cookie()) },
    );
    expect(outcome(answer)).toEqual([200, "ok"]);
  });

  test("does not count beside a Bearer token, be that good or bad", async () => {
    const owner = newUser();
    const Cookie = `__session=${await tokenOf(server, owner)}`;
    const other = newUser();
    const headers = { Cookie, Authorization: `Bearer ${await tokenOf(server, other)}` };
    await post(
      server,
      undefined,
      { name: "tenants.create", args: { rut: "76086428-5", businessName: "De quién" } },
      headers,
    );
    expect(
      (await call(server, await tokenOf(server, other), "tenants.list")).body.result.tenants,
    ).toHaveLength(1);
    expect((await call(server, await tokenOf(server, owner), "tenants.list")).body.result.tenants).toEqual(
      [],
    );

    const bad = { Cookie, Authorization: "Bearer rubbish" };
    expect(outcome(await post(server, undefined, { name: "tenants.list" }, bad))).toEqual([
      401,
      "unauthorized",
    ]);
    const empty = { Cookie, Authorization: "" };
    expect(outcome(await post(server, undefined, { name: "tenants.list" }, empty))).toEqual([
      401,
      "unauthorized",
    ]);
  });

  test("a Bearer token may come from anywhere: no site can make a browser send it", async () => {
    const headers = { Origin: evil, "Sec-Fetch-Site": "cross-site" };
    const answer = await post(server, await tokenOf(server), { name: "tenants.list" }, headers);
    expect(outcome(answer)).toEqual([200, "ok"]);
    expect(answer.headers.has("access-control-allow-origin")).toBe(false);
  });

  test("an unknown role in it is refused before anything is shown", async () => {
    const token = await sessionToken(server, { claims: { metadata: { role: "root" } } });
    expect(
      outcome(await post(server, undefined, { name: "tenants.list" }, { Cookie: `__session=${token}` })),
    ).toEqual([403, "forbidden"]);
  });

  const cookie = async () => ({ Cookie: `a=b; __session=${await tokenOf(server)}; c=d` });
});
