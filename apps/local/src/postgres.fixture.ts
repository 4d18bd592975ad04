import { readEmbedded } from "./env.ts";
import { startPostgres } from "./postgres.ts";

// A separate starter process, for tests that kill it. Arguments: folder, port, password.
const [folder = "", port = "", superuserPassword = ""] = process.argv.slice(2);
await startPostgres({
  folder,
  port: Number(port),
  superuserPassword,
  version: readEmbedded().postgresVersion,
});
console.log("ready");
setInterval(() => undefined, 60_000);
