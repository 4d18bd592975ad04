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
  vi.stubGlobal("location", {
    pathname: "/dashboard/mcp",
    search: "",
    hash: "#tool=tenants.list&args=%7B%7D",
  });
  vi.stubGlobal("history", {
    state: null,
    replaceState: (...given: string[]) => replaced.push(given[2] ?? ""),
  });
  keepArrival();
  expect(replaced).toEqual(["/dashboard/mcp"]);
  expect(takeArrival()).toBe("#tool=tenants.list&args=%7B%7D");
  vi.stubGlobal("location", { hash: "#tool=tenants.get" });
  expect(takeArrival()).toBe("#tool=tenants.get");
  vi.unstubAllGlobals();
});
