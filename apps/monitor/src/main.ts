#!/usr/bin/env node
import { runMonitor } from "./index.ts";

// Nobody may be reading any more, as in `smarteros-monitor | head`.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

// Connections are kept alive, and would keep us.
process.exit(await runMonitor(process.argv.slice(2)));
