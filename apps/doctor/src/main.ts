import { runDoctor } from "./cli.ts";
import { write } from "./console.ts";

// Open connections would delay the exit.
process.exit(await runDoctor(process.argv.slice(2), { write }));
