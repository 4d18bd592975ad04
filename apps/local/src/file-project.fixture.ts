import { afterAll, expect, inject } from "vitest";
import { readsEmbedded } from "./reads-embedded.ts";
import type { TestProject } from "./test-projects.ts";

// Runs before every test file. Opens a project for a file that reads `inject("embedded")`, directly or in an import;
// the others run without a database.

const { testPath } = expect.getState();
if (testPath !== undefined && readsEmbedded(testPath)) {
  const projects = inject("projects");
  const ask = globalThis.fetch;
  const response = await ask(projects, { method: "POST" });
  if (!response.ok) throw new Error(`There is no database for this file: ${await response.text()}`);
  const { id, project } = (await response.json()) as { id: string; project: TestProject };
  Object.assign(inject("embedded"), project);
  afterAll(() => ask(`${projects}/${id}`, { method: "DELETE" }));
}
