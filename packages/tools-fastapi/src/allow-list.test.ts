import { expect, it } from "vitest";
import { createAllowList, readAllowList } from "./allow-list.ts";
import type { AllowedPath } from "./allowed-paths.ts";

const get = (path: string, more: object = {}) => [{ method: "GET", path, ...more }];
const post = (path: string, more: object = {}) => [{ method: "POST", path, ...more }];
const object = (properties: object, more: object = {}) => ({ type: "object", properties, ...more });

it.each<[what: string, given: unknown, problem: RegExp]>([
  ["no array", {}, /^must be a JSON array of objects of method, path/],
  ["nothing", null, /^must be a JSON array/],
  ["a text", "[]", /^must be a JSON array/],
  [
    "too many",
    Array.from({ length: 101 }, (_, index) => get(`/a${index}`)[0]),
    /^must have at most 100 entries$/,
  ],
  ["an entry that is none", ["/health"], /^entry 1, the entry: must be an object of method/],
  ["an entry without a method", [{ path: "/a" }], /^entry 1, method: must be GET or POST, in capitals$/],
  ["a method in small letters", [{ method: "get", path: "/a" }], /^entry 1, method: must be GET or POST/],
  ["another method", [{ method: "DELETE", path: "/a" }], /^entry 1, method: must be GET or POST/],
  ["no path", [{ method: "GET" }], /^entry 1, path: must be a path, such as/],
  [
    "an unknown field",
    get("/a", { methods: [] }),
    /^entry 1, methods: is not a field: there are method, path/,
  ],
  [
    "a capability that does not exist",
    get("/a", { capability: "root" }),
    /^entry 1, capability: must be read, write/,
  ],
  ["a path without its slash", get("a"), /^entry 1, path: must begin with a slash/],
  ["a URL", get("http://h.test/a"), /^entry 1, path: must begin with a slash/],
  ["the empty path", get(""), /^entry 1, path: must begin with a slash/],
  ["the root", get("/"), /^entry 1, path: must have no empty segment/],
  ["a slash at the end", get("/a/"), /^entry 1, path: must have no empty segment and no slash at its end/],
  ["two slashes", get("/a//b"), /^entry 1, path: must have no empty segment/],
  [
    "a wildcard",
    get("/a/*"),
    /^entry 1, path: must have no wildcard: list each path, or write a segment as :name/,
  ],
  ["braces", get("/a/{id}"), /^entry 1, path: write a segment that varies as :name/],
  [
    "a query in its path",
    get("/a?b=1"),
    /^entry 1, path: must have no query: describe it in the field query/,
  ],
  ["an escape", get("/a%2fb"), /^entry 1, path: must be written without escapes/],
  ["a dot segment", get("/a/../b"), /^entry 1, path: must have no dot segments/],
  ["a parameter inside a segment", get("/a/x:id"), /^entry 1, path: must have segments of letters/],
  ["a parameter without a name", get("/a/:"), /^entry 1, path: must have segments of letters/],
  ["letters that are escaped in a URL", get("/año"), /^entry 1, path: must have segments of letters/],
  ["a backslash", get("/a\\b"), /^entry 1, path: must have segments of letters/],
  ["a control", get("/a\n"), /^entry 1, path: must have segments of letters/],
  ["a name twice", get("/a/:id/:id"), /^entry 1, path: must name each :name segment differently/],
  ["a path without end", get(`/${"a".repeat(512)}`), /^entry 1, path: must have at most 512 characters/],
  [
    "services",
    get("/services/status"),
    /^entry 1, path: must not be below \/services: use the tools services\.\*/,
  ],
  ["services in capitals", post("/Services/provision"), /^entry 1, path: must not be below \/services/],
  ["services itself", get("/services"), /^entry 1, path: must not be below \/services/],
  ["what may be services", get("/:what/status"), /^entry 1, path: must begin with an exact segment/],
  [
    "the trigger",
    post("/n8n/workflow"),
    /^entry 1, path: must not match \/n8n\/workflow by POST: use the tool n8n\.t/,
  ],
  ["what may be the trigger", post("/n8n/:what"), /^entry 1, path: must not match \/n8n\/workflow by POST/],
  [
    "the same twice",
    [...get("/a/:id"), ...get("/a/:name")],
    /^entry 2, path: must not match the same paths as entry 1/,
  ],
  ["a query of a POST", post("/a", { query: object({}) }), /^entry 1, query: is for GET alone: leave it out/],
  ["a body of a GET", get("/a", { body: object({}) }), /^entry 1, body: is for POST alone: leave it out/],
  [
    "a schema of nothing",
    get("/a/:id", { segments: { no: {} } }),
    /^entry 1, segments\.no: has no :name segment/,
  ],
  [
    "a schema that is a text",
    post("/a", { body: "object" }),
    /^entry 1, body: must be a JSON Schema: an object/,
  ],
  ["a schema that is a list", post("/a", { body: [] }), /^entry 1, body: must be a JSON Schema: an object/],
  [
    "a schema that lets all through",
    post("/a", { body: true }),
    /^entry 1, body: must be a JSON Schema: an object/,
  ],
  [
    "a schema without a type",
    post("/a", { body: { properties: {} } }),
    /^entry 1, body: must have "type": "object"/,
  ],
  [
    "a schema of a list",
    post("/a", { body: { type: "array" } }),
    /^entry 1, body: must have "type": "object"/,
  ],
  [
    "a misspelt keyword",
    post("/a", { body: object({ a: { type: "string", maxLenght: 1 } }) }),
    /entry 1, body: .*"maxLenght"/,
  ],
  [
    "a keyword without its type",
    post("/a", { body: object({ a: { minLength: 1 } }) }),
    /entry 1, body: .*missing type "string"/,
  ],
  [
    "a keyword of another type",
    get("/a", { query: object({ a: { type: "string", minimum: 1 } }) }),
    /entry 1, query: .*"minimum"/,
  ],
  [
    "an unknown format",
    post("/a", { body: object({ a: { type: "string", format: "rut" } }) }),
    /entry 1, body: .*"rut"/,
  ],
  [
    "an unknown type",
    post("/a", { body: object({ a: { type: "text" } }) }),
    /entry 1, body: is no schema that can be checked/,
  ],
  [
    "a required key that is described nowhere",
    post("/a", { body: object({}, { required: ["a"] }) }),
    /entry 1, body: .*"a"/,
  ],
  [
    "a pattern that is none",
    post("/a", { body: object({ a: { type: "string", pattern: "(" } }) }),
    /entry 1, body: is no schema/,
  ],
  [
    "a schema from elsewhere",
    post("/a", { body: object({ a: { $ref: "http://h.test/a" } }) }),
    /entry 1, body: .*h\.test/,
  ],
  [
    "a schema that promises",
    post("/a", { body: object({}, { $async: true }) }),
    /entry 1, body: .*"\$async" is not supported/,
  ],
  [
    "a schema of another draft",
    post("/a", { body: object({}, { $schema: "http://json-schema.org/draft-07/schema#" }) }),
    /entry 1, body: .*draft-07/,
  ],
  [
    "a schema of a segment",
    get("/a/:id", { segments: { id: { type: "strin" } } }),
    /^entry 1, segments\.id: is no schema/,
  ],
])("%s is refused by entry and field, with the remedy", (_, given, problem) => {
  const reading = readAllowList(given);
  expect(reading.ok).toBe(false);
  expect(reading.ok ? "" : reading.problems.join("\n")).toMatch(problem);
  expect(() => createAllowList(given as AllowedPath[])).toThrow(TypeError);
});

it("every wrong entry is named, by its own number", () => {
  const reading = readAllowList([...get("/a"), { method: "PUT", path: "b" }, ...get("/c"), ...get("/c")]);
  expect(reading).toEqual({
    ok: false,
    problems: [
      "entry 2, method: must be GET or POST, in capitals",
      "entry 2, path: must begin with a slash, such as /reports/:id",
      "entry 4, path: must not match the same paths as entry 3: leave one of them out",
    ],
  });
});

it("what is not on it is on no other list: the empty one allows nothing", () => {
  expect(readAllowList([])).toEqual({ ok: true, list: { paths: [], entries: [] } });
});

it("a list of all that there is, is taken", () => {
  const full = [
    ...get("/reports/:id", { segments: { id: { type: "string", format: "uuid" } }, capability: "read" }),
    ...get("/reports", { query: object({ month: { type: "string", format: "date" } }) }),
    ...post("/orders", {
      body: object(
        { lines: { type: "array", items: { $ref: "#/$defs/line" } } },
        { $defs: { line: object({ sku: { type: "string" } }) } },
      ),
    }),
    ...get("/n8n/workflow"),
    ...post("/n8n/other"),
    ...get("/a.b/~c/d_e/-"),
  ];
  expect(readAllowList(full)).toMatchObject({ ok: true, list: { paths: full } });
});
