import type { TestProject as VitestProject } from "vitest/node";
import type { TestProject } from "./test-projects.ts";
import setup from "./testing.ts";

/** Provides one embedded project to all files of a run, for files that share servers on it. */
export default async function setupShared(project: VitestProject): Promise<() => Promise<void>> {
  const stop = await setup(project);
  try {
    const response = await fetch(project.getProvidedContext().projects, { method: "POST" });
    if (!response.ok) throw new Error(`There is no database: ${await response.text()}`);
    const opened = (await response.json()) as { project: TestProject };
    project.provide("embedded", opened.project);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}
