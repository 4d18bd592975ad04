import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { alertTools } from "../packages/alerts/src/tools.ts";
import { maintenanceTools } from "../packages/observability/src/tools/tools.ts";
import { allTools } from "./tool-table.ts";

test("the name of each tool is inserted by a migration, so that hosts without the service role record it", async () => {
  const folder = new URL("../sql/migrations/", import.meta.url);
  const files = await readdir(folder);
  const migrations = await Promise.all(files.map((file) => readFile(new URL(file, folder), "utf8")));
  const inserted = migrations
    .flatMap((text) => text.split(";"))
    .filter((statement) => statement.includes("insert into smarteros.known_tools"))
    .join();
  const names = [...allTools, ...alertTools, ...maintenanceTools].map(({ name }) => name);
  expect(names.filter((name) => !inserted.includes(`('${name}')`))).toEqual([]);
});
