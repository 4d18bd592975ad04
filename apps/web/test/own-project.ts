import { afterAll, inject } from "vitest";

// Gives a file a project of its own in place of the shared one. Imported first, because other imports read the project.

const projects = inject("projects");
const response = await fetch(projects, { method: "POST" });
if (!response.ok) throw new Error(`There is no database for this file: ${await response.text()}`);
const { id, project } = await response.json();
Object.assign(inject("embedded"), project);
afterAll(() => fetch(`${projects}/${id}`, { method: "DELETE" }));
