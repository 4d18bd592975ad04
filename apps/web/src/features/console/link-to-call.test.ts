import { expect, it } from "vitest";
import { linkToCall } from "./link-to-call.ts";

it("holds the tool and its arguments in the fragment, whatever is in them", () => {
  const args = { id: "1", name: 'a&tool=evil#"<b>ñ' };
  const link = linkToCall({ tool: "tenants.get", args, redacted: false }) ?? "";
  const { pathname, hash, search } = new URL(link, "http://localhost");
  const fragment = new URLSearchParams(hash.slice(1));
  expect([pathname, search, fragment.get("tool")]).toEqual(["/dashboard/mcp", "", "tenants.get"]);
  expect(JSON.parse(fragment.get("args") ?? "")).toEqual(args);
});

it.each([
  { tool: "a.b", args: {}, redacted: true },
  { tool: "a.b", args: '{"id": "cut he', redacted: false },
  { tool: "a.b", args: null, redacted: false },
])("is not there where the record changed them: %j", (call) => {
  expect(linkToCall(call)).toBeUndefined();
});
