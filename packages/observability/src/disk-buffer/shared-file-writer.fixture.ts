import { exampleRow, row } from "./row.fixture.ts";
import { openDiskBuffer } from "./shared-file.ts";

// A process that appends to a shared buffer. Arguments: the file, and how many rows. Prints the ids of those it appended.
const [file = "", count = "0"] = process.argv.slice(2);
const buffer = openDiskBuffer(file, row);
for (let index = 0; index < Number(count); index++) {
  const next = exampleRow(index);
  if (buffer.append([next]) === 1) process.stdout.write(`${next.id}\n`);
}
