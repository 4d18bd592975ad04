import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { checkedVersions, vendorNames, vendors } from "./index.ts";

it("docs/connectors.md has the versions that each connector was checked against", () => {
  const document = readFileSync(new URL("../../../docs/connectors.md", import.meta.url), "utf8");
  const rows = vendors.map((vendor) => {
    const { minimum, checked, by } = checkedVersions[vendor];
    return `| ${vendorNames[vendor]} | ${minimum} | ${checked.join(", ")} | ${by} |`;
  });
  const section = /\n## Versions\n(.*?)\n## /s.exec(document)?.[1] ?? "";
  expect(section.split("\n").filter((line) => rows.includes(line))).toEqual(rows);
});
