import { readEmbedded } from "./env.ts";
import { startPostgres } from "./postgres.ts";

// A starter of its own, for tests that kill it: folder, port, password.
const [folder = "", port = "", superuserPassword = ""] = process.argv.slice(2);
await startPostgres({
  folder,
  port: Number(port),
  superuserPassword,
  version: readEmbedded().postgresVersion,
});
console.log("ready");
setInterval(() => undefined, 60_000);
