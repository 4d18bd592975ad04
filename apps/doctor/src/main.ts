import { runDoctor } from "./cli.ts";
import { write } from "./console.ts";

// Connections are kept alive, and would keep us.
process.exit(await runDoctor(process.argv.slice(2), { write }));
