import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { fragmentOf, keepArrival, readFragment, takeArrival } from "./share.ts";

test("an address brings back the tool and the very text of its arguments", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", minLength: 1 }),
      fc.string({ unit: "binary" }),
      (tool, text) => {
        // An address holds no halves of characters.
        const whole = text.toWellFormed();
        const url = new URL(
          fragmentOf(tool.toWellFormed(), whole),
          "https://smarteros.example/dashboard/mcp",
        );
        expect(url.search).toBe("");
        expect(readFragment(url.hash)).toEqual({
          tool: tool.toWellFormed(),
          ...(whole ? { argumentsText: whole } : {}),
        });
      },
    ),
  );
});

test("what a link of another page wrote is read too", () => {
  const args = '{"search":"Ñuñoa & co + 1"}';
  expect(readFragment(`#tool=tenants.list&args=${encodeURIComponent(args)}`)).toEqual({
    tool: "tenants.list",
    argumentsText: args,
  });
  expect(readFragment("")).toEqual({});
  expect(readFragment("#content")).toEqual({});
});

test("the console is come to once by what its document's address says, which keeps nothing of it", () => {
  const replaced: string[] = [];
  const page = new EventTarget();
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
  const location = { pathname: "/dashboard/mcp", search: "", hash: "#tool=tenants.list&args=%7B%7D" };
  vi.stubGlobal("location", location);
  vi.stubGlobal("history", {
    state: null,
    replaceState: (...given: string[]) => replaced.push(given[2] ?? ""),
  });
  keepArrival();
  expect(replaced).toEqual(["/dashboard/mcp"]);
  // A link that comes while the page is still loading takes the place of the first.
  location.hash = "#tool=tenants.create";
  page.dispatchEvent(new Event("hashchange"));
  expect(takeArrival()).toBe("#tool=tenants.create");
  location.hash = "#tool=tenants.get";
  page.dispatchEvent(new Event("hashchange"));
  expect(replaced).toHaveLength(2);
  expect(takeArrival()).toBe("#tool=tenants.get");
  vi.unstubAllGlobals();
});
