import { request } from "node:http";
import { describe, expect, inject, test } from "vitest";
import { send } from "./http-client.ts";
import { newUser, sessionToken, tokenOf } from "./tokens.ts";

const web = inject("web");
const kinds = ["local", "clerk"] as const;
const policyOf = (headers: Headers) =>
  Object.fromEntries(
    (headers.get("content-security-policy") ?? "").split("; ").map((directive) => {
      const [name, ...sources] = directive.split(" ");
      return [name, sources];
    }),
  );
const nonceOf = (headers: Headers) =>
  /'nonce-([^']+)'/.exec(headers.get("content-security-policy") ?? "")?.[1];

describe.each(kinds)("every page with %s identity", (kind) => {
  test.each(["/", "/sign-in", "/dashboard", "/nothing", "/nothing.txt", "/.env"])(
    "%s has a strict policy",
    async (path) => {
      const { headers, text } = await send(web[kind], path);
      const policy = policyOf(headers);
      expect(policy).toMatchObject({
        "default-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
      });
      expect(policy["script-src"]).toEqual(["'self'", `'nonce-${nonceOf(headers)}'`, "'strict-dynamic'"]);
      for (const [script] of text.matchAll(/<script[^>]*>/g))
        expect(script).toContain(`nonce="${nonceOf(headers)}"`);
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.has("x-powered-by")).toBe(false);
    },
  );

  test("the icon is there by its old name too", async () => {
    const { status, headers } = await send(web[kind], "/favicon.ico");
    expect([status, headers.get("content-type")]).toEqual([200, "image/svg+xml"]);
  });

  test("no nonce is used twice", async () => {
    const nonces = await Promise.all(
      Array.from({ length: 5 }, async () => nonceOf((await send(web[kind], "/")).headers)),
    );
    expect(new Set(nonces).size).toBe(5);
    expect(nonces[0]?.length).toBeGreaterThan(20);
  });

  test("a caller does not choose the nonce or the policy", async () => {
    const { headers, text } = await send(web[kind], "/", {
      headers: { "x-nonce": "chosen", "Content-Security-Policy": "script-src 'nonce-chosen'" },
    });
    expect(nonceOf(headers)).not.toBe("chosen");
    expect(text).not.toContain("chosen");
  });

  test.each<[string, Record<string, string>]>([
    ["nothing", {}],
    [
      "a header that made Next skip its middleware",
      { "x-middleware-subrequest": "src/proxy:src/proxy:src/proxy:src/proxy:src/proxy" },
    ],
    [
      "the same for an older layout",
      { "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware" },
    ],
    ["a header of Next's own", { "x-middleware-next": "1", "x-middleware-rewrite": "/dashboard" }],
    [
      "the address of another page",
      { "x-original-url": "/dashboard", "x-rewrite-url": "/dashboard", "x-invoke-path": "/dashboard" },
    ],
    [
      "what Clerk's middleware tells the app",
      { "x-clerk-auth-status": "signed-in", "x-clerk-auth-token": "a.b.c" },
    ],
    ["a cookie that is no token", { Cookie: "__session=hello; __client_uat=1" }],
  ])("the panel sends whoever brings %s to the sign-in page", async (_what, headers) => {
    const answer = await send(web[kind], "/dashboard", { headers });
    expect([answer.status, answer.headers.get("location")]).toEqual([307, "/sign-in"]);
    expect(answer.text).not.toContain("tenants.");
    expect(nonceOf(answer.headers)).toBeDefined();
  });

  test("the data of the panel without its page is not given out either", async () => {
    const response = await fetch(`${web[kind].url}/dashboard`, {
      headers: { RSC: "1", "Next-Router-Prefetch": "1" },
    });
    expect(await response.text()).not.toContain("tenants.");
  });

  test.each(["x", "a".repeat(42)])("the server action %s is not there", async (action) => {
    const answer = await send(web[kind], "/dashboard", {
      method: "POST",
      headers: { "Next-Action": action },
      body: "[]",
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });

  test("nobody makes the server fetch an image", async () => {
    for (const url of ["http://127.0.0.1:9/x.png", "/icon.svg"]) {
      const answer = await send(web[kind], `/_next/image?url=${encodeURIComponent(url)}&w=64&q=75`);
      expect(answer.status).toBe(404);
    }
  });

  test("the panel sends the bearer of a token for another site to the sign-in page", async () => {
    const token = await sessionToken(web[kind], { claims: { azp: "https://evil.example" } });
    const answer = await send(web[kind], "/dashboard", { headers: { Cookie: `__session=${token}` } });
    expect([answer.status, answer.headers.get("location")]).toEqual([307, "/sign-in"]);
  });

  test("the panel knows the user of a session cookie, is kept by nobody, and shows the tools of the role", async () => {
    const sub = newUser();
    const Cookie = `__session=${await tokenOf(web[kind], sub, "viewer")}; __client_uat=1`;
    const answer = await send(web[kind], "/dashboard", { headers: { Cookie } });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(sub);
    expect(answer.text).toContain("tenants.list");
    expect(answer.text).not.toContain("tenants.delete");
    expect(answer.headers.get("cache-control")).toContain("no-store");
  });
});

describe("a Host header that is not ours", () => {
  test.each(["evil.example", "evil.example:80", "127.0.0.1:1", "localhost"])(
    "%s gets nothing that points there",
    async (host) => {
      for (const [path, method] of [
        ["/dashboard", "GET"],
        ["/dashboard/", "GET"],
        ["/session/sign-in", "POST"],
      ] as const) {
        const answer = await withHost(path, method, host);
        expect(answer.text).not.toContain("evil.example");
        expect(answer.location ?? "/").toMatch(/^\/(?![/\\])/);
      }
    },
  );

  test("makes no foreign origin ours", async () => {
    const { status, cookies } = await withHost("/session/sign-in", "POST", "evil.example", {
      Origin: "http://evil.example",
      "X-Forwarded-Host": "evil.example",
      "Content-Type": "application/x-www-form-urlencoded",
    });
    expect([status, cookies]).toEqual([404, undefined]);
  });

  test.each([
    "//evil.example",
    "//evil.example/dashboard/",
    "/\\evil.example/",
    "/%5cevil.example/",
    "/%2f%2fevil.example/",
  ])("the path %s leads nowhere else", async (path) => {
    const { location } = await withHost(path, "GET", new URL(web.local.url).host);
    expect(location ?? "/").toMatch(/^\/(?![/\\])/);
  });
});

type Plain = {
  status: number | undefined;
  location: string | undefined;
  cookies: string[] | undefined;
  text: string;
};

/** By node:http, because fetch neither lets anybody set Host nor sends a path as it is. */
function withHost(
  path: string,
  method: string,
  host: string,
  headers: Record<string, string> = {},
): Promise<Plain> {
  const { hostname, port } = new URL(web.local.url);
  return new Promise((resolve, reject) => {
    const body = method === "POST" ? "user=admin" : undefined;
    const asked = request(
      { hostname, port, path, method, headers: { ...headers, Host: host } },
      async (answer) => {
        const chunks: Buffer[] = [];
        for await (const chunk of answer) chunks.push(chunk as Buffer);
        resolve({
          status: answer.statusCode,
          location: answer.headers.location,
          cookies: answer.headers["set-cookie"],
          text: Buffer.concat(chunks).toString(),
        });
      },
    );
    asked.on("error", reject);
    asked.end(body);
  });
}
