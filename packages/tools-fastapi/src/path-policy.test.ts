import { SmarterosError } from "@smarteros/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAllowList } from "./allow-list.ts";
import { createBackend } from "./backend-client.ts";
import { hostilePath } from "./hostile-path.fixture.ts";
import { allowedRequest } from "./path-policy.ts";
import type { BackendRequest } from "./ports.ts";
import { callOf, startUpstream, type Upstream } from "./upstream.fixture.ts";

const id = "0198c2f0-7a3e-7cc2-b5d4-2f6f1c9d8e7a";
const base = new URL("http://backend.test:8000");
const allowed = createAllowList();
const { principal } = callOf();
const checked = (request: Omit<BackendRequest, "allowed">, under = base) =>
  allowedRequest(under, { allowed, ...request }, principal);
const get = (path: string, under = base) => checked({ method: "GET", path }, under).url.href;

/** What of a request line may ever reach the backend, in words of its own and not of the policy. */
const allowedLine =
  /^(?:GET (?:\/health|\/tenants(?:\/[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?)|POST \/validate)$/;

function refusalOf(action: () => unknown) {
  try {
    action();
  } catch (thrown) {
    if (SmarterosError.isInstance(thrown)) return thrown;
    throw thrown;
  }
  return undefined;
}

describe("the allow-list", () => {
  it.each(["/health", "/tenants", `/tenants/${id}`])("allows GET %s as it is written", (path) => {
    expect(get(path)).toBe(`http://backend.test:8000${path}`);
  });

  it("prefixes the backend's folder, with and without its slash", () => {
    expect(get("/health", new URL("https://h.test/api/v1/"))).toBe("https://h.test/api/v1/health");
    expect(get("/health", new URL("https://h.test/api/v1"))).toBe("https://h.test/api/v1/health");
    expect(refusalOf(() => get("/../health", new URL("https://h.test/api/v1")))?.code).toBe("invalid_input");
  });

  it("encodes what is in the query", () => {
    const query = { cursor: "a&b=c#d/../\r\n%2e", limit: 5, deep: true };
    const { url } = checked({ method: "GET", path: "/tenants", query });
    expect(url.pathname).toBe("/tenants");
    expect(Object.fromEntries(url.searchParams)).toEqual({ cursor: query.cursor, limit: "5", deep: "true" });
    expect(url.href).not.toMatch(/[\r\n#]/);
  });

  it("takes the body that the path wants, and no other", () => {
    const post = (body: unknown, path = "/validate") => checked({ method: "POST", path, body });
    expect(post({ ping: true }).body).toEqual({ ping: true });
    for (const body of [undefined, {}, { ping: false }, { ping: true, more: 1 }, [], "ping", null]) {
      expect(refusalOf(() => post(body))?.details.issues?.[0]?.path).toMatch(/^body/);
    }
  });

  it.each([
    "/chatwoot/inbox",
    "/botpress/workspace",
    "/odoo/company",
    "/n8n/workflow",
    "/metabase/dashboard",
  ])("reads %s of one tenant, and of nothing else", (path) => {
    const read = (query?: Record<string, string | number | boolean>) =>
      checked({ method: "GET", path, query }).url.href;
    expect(read({ tenant_id: id })).toBe(`http://backend.test:8000${path}?tenant_id=${id}`);
    for (const tenant_id of ["", "1", 1, `${id}&a=1`])
      expect(refusalOf(() => read({ tenant_id }))?.details.issues?.[0]?.path).toBe("query.tenant_id");
    expect(refusalOf(() => read())?.details.issues?.[0]?.path).toBe("query.tenant_id");
    expect(refusalOf(() => read({ tenant_id: id, all: true }))?.details.issues?.[0]?.path).toBe("query.all");
    const post = { method: "POST", path, body: {} } as const;
    expect(refusalOf(() => checked(post))?.message).toContain("cannot be called by POST");
  });

  it("does not mix methods", () => {
    expect(refusalOf(() => get("/validate"))?.message).toContain("cannot be called by GET");
    expect(refusalOf(() => checked({ method: "POST", path: "/tenants", body: {} }))?.code).toBe(
      "invalid_input",
    );
  });

  it("names the field, the reason and the allowed paths", () => {
    const error = refusalOf(() => get("/admin"));
    expect(error?.details.issues?.[0]?.path).toBe("path");
    expect(error?.message).toBe(
      "path: The path is not on the list. Allowed: GET /health, POST /validate, GET /tenants, GET /tenants/:id, GET /chatwoot/inbox, GET /botpress/workspace, GET /odoo/company, GET /n8n/workflow, GET /metabase/dashboard.",
    );
  });
});

const attacks = [
  ["another origin", "http://evil.test/health", "//evil.test/health", "///evil.test/health", "https:health"],
  ["backslashes", "\\health", "/\\health", "/\\/evil.test/health", "/tenants\\..\\health", "/tenants%5c"],
  ["userinfo", "@evil.test/health", "/@evil.test", "//user:pass@evil.test/health", "/health@evil"],
  ["dot segments", "/./health", "/tenants/../health", "/tenants/.", "/..", "/health/..", "/x/../tenants"],
  [
    "encoded dots",
    "/%2e/health",
    "/tenants/%2e%2e/health",
    "/tenants/.%2E/health",
    "/tenants/%2e%2e%2fhealth",
  ],
  ["encoded twice", "/%252e%252e/health", "/tenants/%252fhealth", "/%2568ealth", `/tenants%252f${id}`],
  ["encoded slashes", "/tenants%2f..", `/tenants%2f${id}`, "/%2fhealth", "%2fhealth", "/tenants%2F"],
  ["needless escapes", "/%68ealth", "/health%20", "/health%00", "/health%0d%0a", "/%e2%80%8bhealth"],
  ["empty segments", "//health", "/tenants//", "//", "/tenants//health", `//tenants/${id}`],
  ["query and fragment", "/health?", "/health?a=1", "/health#", "/health#x", "/tenants?limit=1", "/?/health"],
  ["trailing slash", "/health/", "/tenants/", `/tenants/${id}/`, `/tenants/${id}/x`],
  ["case", "/Health", "/HEALTH", "/tenantS", "/TENANTS", `/Tenants/${id}`],
  [
    "controls",
    "/health\r\nX-Evil: 1",
    "/health\0",
    "/hea\tlth",
    "/hea\nlth",
    "\n/health",
    "/health\u007f",
    " /health",
  ],
  ["blanks", "/health ", "/ health", "/health\u00a0", "/health\u2028"],
  [
    "look-alike slashes",
    "／health",
    "/tenants\u2044x",
    "/tenants\u2215x",
    "/tenants\uff0fx",
    `/tenants\u2571${id}`,
  ],
  [
    "look-alike dots",
    "/tenants/\uff0e\uff0e/health",
    "/\u2024\u2024/health",
    "/tenants/\u2025/health",
    "/。。/health",
  ],
  [
    "look-alike letters",
    "/һealth",
    "/ｈealth",
    "/hea\u200blth",
    "/hea\u00adlth",
    "/ħealth",
    "/healt\u0068\u0301",
  ],
  [
    "overlong and broken UTF-8",
    "/%c0%ae%c0%ae/health",
    "/%c0%afhealth",
    "/%e0%80%af",
    "/%ff",
    "/%",
    "/%zz",
    "/\ud800",
  ],
  [
    "path parameters",
    "/health;a=1",
    "/tenants;/../health",
    "/health,",
    "/health.json",
    "/health*",
    "/tenants/*",
  ],
  ["what is not an id", "/tenants/1", "/tenants/:id", "/tenants/{id}", "/tenants/nil", `/tenants/${id}${id}`],
  ["nothing", "", "/", ".", "..", "*", "/:id"],
  [
    "other endpoints of the backend",
    "/docs",
    "/openapi.json",
    "/services/provision",
    "/services/status",
    "/admin",
  ],
  ["length", `/${"a".repeat(600)}`, `/health${"/.".repeat(300)}`],
].flatMap(([kind, ...paths]) => paths.map((path) => [kind, path] as const));

describe("refused, each by a clear word", () => {
  it.each(attacks)("%s: %j", (_, path) => {
    for (const under of [base, new URL("http://backend.test:8000/api")]) {
      const error = refusalOf(() => get(path, under));
      expect(error?.code).toBe("invalid_input");
      expect(error?.details.issues?.[0]?.path).toBe("path");
    }
  });
});

const hostile = hostilePath(fc.constantFrom("/health", "/validate", "/tenants", `/tenants/${id}`));
const bodyOf = (method: "GET" | "POST") => (method === "POST" ? { body: { ping: true } } : {});

describe("under fuzz", () => {
  let upstream: Upstream;
  beforeAll(async () => {
    upstream = await startUpstream();
  });
  afterAll(() => upstream.stop());

  it("every path that passes is sent exactly as it was written, and is on the list", () => {
    let passed = 0;
    fc.assert(
      fc.property(hostile, fc.constantFrom("GET" as const, "POST" as const), (path, method) => {
        let url: URL;
        try {
          url = checked({ method, path, ...bodyOf(method) }).url;
        } catch (thrown) {
          if (!SmarterosError.isInstance(thrown)) throw thrown;
          expect(thrown.code).toBe("invalid_input");
          return;
        }
        passed++;
        expect(url.href).toBe(base.origin + path);
        expect(`${method} ${path}`).toMatch(allowedLine);
      }),
      { numRuns: 20_000 },
    );
    expect(passed).toBeGreaterThan(100);
  });

  it("no hit at a real upstream on anything that is not on the list", async () => {
    const backend = createBackend({ url: upstream.url });
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(hostile, fc.constantFrom("GET" as const, "POST" as const), async (path, method) => {
        const before = upstream.hits.length;
        const sent = await backend
          .request({ allowed, method, path, ...bodyOf(method) }, callOf())
          .catch((thrown) => {
            expect(thrown.code).toBe("invalid_input");
            refused++;
          });
        expect(upstream.hits.length - before).toBe(sent ? 1 : 0);
      }),
      { numRuns: 5_000 },
    );
    for (const { method, url } of upstream.hits) expect(`${method} ${url}`).toMatch(allowedLine);
    expect(refused).toBeGreaterThan(3_000);
    expect(upstream.hits.length).toBeGreaterThan(50);
  }, 60_000);
});
