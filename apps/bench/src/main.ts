import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { analytics } from "./analytics.ts";
import { audit } from "./audit.ts";
import { consoles } from "./console.ts";
import { heap } from "./heap.ts";
import { invoke } from "./invoke.ts";
import type { Comparison } from "./measure.ts";
import { probes } from "./probes.ts";
import { memory, provisioning } from "./provisioning.ts";
import { start, stdio } from "./stdio.ts";
import { door, list } from "./web.ts";

const benches: Record<string, () => Promise<Comparison[]>> = {
  invoke,
  stdio,
  start,
  door,
  list,
  heap,
  provisioning,
  memory,
  audit,
  analytics: () => analytics(Number(values.rows)),
  probes,
  console: consoles,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" }, rows: { type: "string", default: "10000000" } },
});
const unknown = positionals.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`No such benchmark: ${unknown.join(", ")}. There are: ${Object.keys(benches).join(", ")}.`);
  process.exit(2);
}

const results: Comparison[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  // biome-ignore lint/performance/noAwaitInLoops: two at once would measure each other.
  const comparisons = await bench();
  for (const comparison of comparisons) console.log(line(comparison));
  results.push(...comparisons);
}
if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);

function line({ name, unit, value, peer, peerValue, ratio, goal, met }: Comparison): string {
  const figure = (number: number) => (number >= 100 ? number.toFixed(0) : number.toPrecision(3));
  return `${met ? "✔" : "✖"} ${name}: ${figure(value)} ${unit} beside ${figure(peerValue)} (${peer}), ${ratio.toFixed(2)}×, goal ${goal}`;
}
