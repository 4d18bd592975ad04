import { exampleRow, fileOf, openExample, type Use } from "./example.fixture.ts";

// A process that appends to a buffer and prints the id of each row that it appended, and the code of each error on standard
// error. Arguments: the use, the folder, and how many rows.
const [use = "shared", folder = "", count = "0"] = process.argv.slice(2);
const buffer = openExample(use as Use, fileOf(use as Use, folder));
for (let index = 0; index < Number(count); index++) {
  const next = exampleRow(index);
  try {
    if (buffer.append([next]) === 1) process.stdout.write(`${next.id}\n`);
  } catch (error) {
    process.stderr.write(`${(error as NodeJS.ErrnoException).code}\n`);
  }
}
