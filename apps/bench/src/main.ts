import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { analytics } from "./analytics.ts";
import { audit } from "./audit.ts";
import { type Built, buildAll } from "./build.ts";
import { claims } from "./claims.ts";
import { consoles } from "./console.ts";
import { heap } from "./heap.ts";
import { history } from "./history.ts";
import { invoke } from "./invoke.ts";
import type { Comparison } from "./measure.ts";
import { probes } from "./probes.ts";
import { idle, memory, neighbours, provisioning } from "./provisioning.ts";
import { queues } from "./queue.ts";
import type { Size } from "./size.ts";
import { start, stdio } from "./stdio.ts";
import { upgrade } from "./upgrade.ts";
import { http, list } from "./web.ts";

type Bench = { needs: Built[]; run(size: Size): Promise<Comparison[]> };

const benches: Record<string, Bench> = {
  invoke: { needs: [], run: invoke },
  stdio: { needs: ["@smarteros/bench#peers:stdio"], run: stdio },
  start: { needs: ["@smarteros/mcp-stdio#build", "@smarteros/bench#peers:stdio"], run: start },
  http: { needs: ["@smarteros/bench#peers:clerk"], run: http },
  list: { needs: ["@smarteros/web#build"], run: list },
  heap: {
    needs: ["@smarteros/web#build"],
    run: (size) => heap(size === "small" ? { few: 80, many: 160 } : {}),
  },
  provisioning: { needs: [], run: provisioning },
  neighbours: { needs: [], run: neighbours },
  memory: { needs: [], run: memory },
  idle: { needs: [], run: idle },
  audit: { needs: [], run: audit },
  analytics: {
    needs: ["@smarteros/web#build"],
    run: (size) => analytics(size === "small" ? 3_000 : Number(values.rows), size),
  },
  history: { needs: [], run: history },
  upgrade: { needs: [], run: upgrade },
  probes: { needs: [], run: probes },
  queue: { needs: [], run: queues },
  claims: { needs: [], run: claims },
  console: {
    needs: ["@smarteros/web#build", "@smarteros/bench#peers:stdio", "@smarteros/bench#peers:console"],
    run: consoles,
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "string" },
    rows: { type: "string", default: "10000000" },
    // Checks that each benchmark runs; its figures are meaningless.
    small: { type: "boolean", default: false },
  },
});
const unknown = positionals.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`No such benchmark: ${unknown.join(", ")}. There are: ${Object.keys(benches).join(", ")}.`);
  process.exit(2);
}

const results: Comparison[] = [];
const failed: string[] = [];
const queue = Object.entries(benches).filter(
  ([name]) => positionals.length === 0 || positionals.includes(name),
);
let built: Promise<unknown> = Promise.resolve();
// Concurrent benchmarks would disturb each other; small runs measure nothing and may overlap.
await Promise.all(Array.from({ length: values.small ? 2 : 1 }, takeTurns));

async function takeTurns(): Promise<void> {
  for (let next = queue.shift(); next; next = queue.shift()) await runOne(...next);
}

async function runOne(name: string, { needs, run }: Bench): Promise<void> {
  const started = performance.now();
  try {
    // One build at a time, because two would write to the same folder.
    const build = built.then(() => buildAll(needs));
    built = build.catch(() => undefined);
    await build;
    const comparisons = await run(values.small ? "small" : "full");
    results.push(...comparisons);
    if (values.small) console.log(`✔ ${name} runs (${Math.round((performance.now() - started) / 1_000)} s)`);
    else for (const comparison of comparisons) console.log(line(comparison));
  } catch (error) {
    failed.push(name);
    console.error(`✖ ${name} failed:`, error);
  }
  // Written after each benchmark, so that an interrupted run has its results.
  if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
}

if (failed.length > 0) {
  console.error(`Failed: ${failed.join(", ")}.`);
  process.exitCode = 1;
}

function line({ name, unit, value, peer, peerValue, ratio, goal, met }: Comparison): string {
  const figure = (number: number) => (number >= 100 ? number.toFixed(0) : number.toPrecision(3));
  return `${met ? "✔" : "✖"} ${name}: ${figure(value)} ${unit} beside ${figure(peerValue)} (${peer}), ${ratio.toFixed(2)}×, goal ${goal}`;
}
