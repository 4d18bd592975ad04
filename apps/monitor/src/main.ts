#!/usr/bin/env node
import { runMonitor } from "./index.ts";

// The reader of a pipe may have exited, as in `smarteros-monitor | head`.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

// Keep-alive connections would prevent Node from exiting.
process.exit(await runMonitor(process.argv.slice(2)));
