import type { TestProject } from "vitest/node";
import { clerkEnvironment, localEnvironment, misconfigured } from "./environments.ts";
import { startWeb, type WebServer } from "./web-server.ts";

/** Starts the web app in four states, side by side, after the embedded project that all of them use. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { embedded } = project.getProvidedContext();
  const servers: WebServer[] = [];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  const start = async (environment: Parameters<typeof startWeb>[0]) => {
    const server = await startWeb(environment);
    servers.push(server);
    return { url: server.url, logFile: server.logFile };
  };
  try {
    const [local, clerk, disabled, wrong] = await Promise.all([
      start((origin) => localEnvironment(embedded, origin)),
      start((origin) => clerkEnvironment(embedded, origin)),
      start((origin) => ({ ...localEnvironment(embedded, origin), MCP_ENABLED: "TRUE" })),
      start(() => misconfigured),
    ]);
    project.provide("web", { local, clerk, disabled, misconfigured: wrong });
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}
