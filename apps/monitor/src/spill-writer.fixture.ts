import { exampleRow } from "./row.fixture.ts";
import { openSpill } from "./spill.ts";

// A monitor without a database, for a test of several at one spill: file, how many rows. Prints the ids that it kept.
const [file = "", count = "0"] = process.argv.slice(2);
const spill = openSpill(file);
for (let index = 0; index < Number(count); index++) {
  const row = exampleRow(index);
  if (spill.append([row]) === 1) process.stdout.write(`${row.id}\n`);
}
