import { createPrincipal, SmarterosError } from "@smarteros/core";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createAllowList, readAllowList } from "./allow-list.ts";
import type { AllowedPath } from "./allowed-paths.ts";
import { createBackend } from "./backend-client.ts";
import { hostilePath } from "./hostile-path.fixture.ts";
import { callOf, startUpstream, type Upstream } from "./upstream.fixture.ts";

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.stop());

const exact = fc.oneof(
  fc.constantFrom("reports", "a", "a.b", "v1", "...x", "-", "~", "health", "n8n", "workflow", "tenants"),
  fc.stringMatching(/^[a-zA-Z0-9_~-][a-zA-Z0-9_~.-]{0,7}$/),
);
const segment = fc.oneof(
  { weight: 3, arbitrary: exact },
  { weight: 1, arbitrary: fc.constantFrom(":id", ":name", ":x1") },
);
const entry: fc.Arbitrary<AllowedPath> = fc
  .tuple(
    fc.constantFrom("GET" as const, "POST" as const),
    exact,
    fc.array(segment, { maxLength: 3 }),
    fc.constantFrom(undefined, "read" as const, "admin" as const),
  )
  .map(([method, first, rest, capability]) => ({
    method,
    path: `/${[first, ...rest].join("/")}`,
    capability,
  }));
/** Lists that are taken: an entry that repeats one before it, or may not be there, is left out. */
const lists = fc.array(entry, { maxLength: 6 }).map((entries) => {
  const list: AllowedPath[] = [];
  for (const one of entries) if (readAllowList([...list, one]).ok) list.push(one);
  return list;
});
/** A path that an entry may match. */
const instances = (list: readonly AllowedPath[]) =>
  list.length === 0
    ? fc.constant("/health")
    : fc
        .tuple(fc.constantFrom(...list), fc.array(exact, { minLength: 4, maxLength: 4 }))
        .map(([{ path }, values]) => path.replace(/:\w+/g, () => values.pop() ?? "x"));
const cases = lists.chain((list) =>
  fc.record({
    list: fc.constant(list),
    path: hostilePath(instances(list)),
    method: fc.constantFrom("GET" as const, "POST" as const),
    role: fc.constantFrom("viewer" as const, "operator" as const, "admin" as const),
  }),
);

/** Whether a list has a path, in words of its own and not of the policy. */
const has = (list: readonly AllowedPath[], method: string, path: string) =>
  list.some((one) => {
    const form = one.path.replace(/[.]/g, "\\.").replace(/:\w+/g, "[A-Za-z0-9_~-][A-Za-z0-9_.~-]{0,127}");
    return one.method === method && new RegExp(`^${form}$`).test(path) && !path.includes("\n");
  });

it("for any list, a path that is not on it is never sent, and one that is goes as it was written", async () => {
  const backend = createBackend({ url: upstream.url });
  const endings = { sent: 0, refused: 0, forbidden: 0 };
  await fc.assert(
    fc.asyncProperty(cases, async ({ list, path, method, role }) => {
      upstream.hits.length = 0;
      const call = { ...callOf(), principal: createPrincipal("user_1", role) };
      const allowed = createAllowList(list);
      const failure = await backend.request({ allowed, method, path }, call).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      const lines = upstream.hits.map((hit) => `${hit.method} ${hit.url}`);
      if (failure === undefined) {
        endings.sent++;
        expect(lines).toEqual([`${method} ${path}`]);
        expect(has(list, method, path)).toBe(true);
        return;
      }
      expect(lines).toEqual([]);
      if (!SmarterosError.isInstance(failure)) throw failure;
      expect(failure.code).toBe(has(list, method, path) ? "forbidden" : "invalid_input");
      endings[failure.code === "forbidden" ? "forbidden" : "refused"]++;
    }),
    { numRuns: 4_000 },
  );
  expect(endings.sent).toBeGreaterThan(50);
  expect(endings.forbidden).toBeGreaterThan(20);
  expect(endings.refused).toBeGreaterThan(2_000);
}, 120_000);

it("no valid list matches a path that has a tool", async () => {
  const own = [
    "/services",
    "/services/status",
    "/services/provision",
    "/services/runs/x/retry",
    "/n8n/workflow",
  ];
  await fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.constantFrom("GET" as const, "POST" as const),
          fc.array(fc.oneof(segment, fc.constantFrom("services", "Services", "status", "runs")), {
            minLength: 1,
            maxLength: 4,
          }),
        ),
        { maxLength: 4 },
      ),
      (given) => {
        const paths = given.map(([method, segments]) => ({ method, path: `/${segments.join("/")}` }));
        const reading = readAllowList(paths);
        if (!reading.ok) return;
        for (const method of ["GET", "POST"])
          for (const path of own)
            if (method === "POST" || path !== "/n8n/workflow") expect(has(paths, method, path)).toBe(false);
      },
    ),
    { numRuns: 5_000 },
  );
});
