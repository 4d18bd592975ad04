import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readEmbedded } from "./env.ts";
import { testProjects } from "./test-projects.ts";

// The process of a test run's databases. Argument: data directory. POST / opens a project and DELETE /<id> closes it.
// It exits with its parent process.

// Lite prints every handled database error with its values.
console.error = () => undefined;
// The database driver throws outside of any request when a connection ends during a write. That affects one project;
// the others must continue.
process.on("uncaughtException", (error) => console.log(`A test's REST API: ${error.stack}`));

const [dataDirectory = ""] = process.argv.slice(2);
const projects = testProjects({ dataDirectory, webOrigin: "http://127.0.0.1:3000", ...readEmbedded() });

const server = createServer(async (request, response) => {
  try {
    if (request.method === "POST") return response.end(JSON.stringify(await projects.open()));
    await projects.close(request.url?.slice(1) ?? "");
    response.end();
  } catch (error) {
    response.writeHead(500).end((error as Error).message);
  }
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

process.once("disconnect", async () => {
  await projects.stop();
  process.exit();
});
