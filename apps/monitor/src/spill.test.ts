import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { exampleRow, exampleRows } from "./row.fixture.ts";
import { openSpill } from "./spill.ts";
import { freshFolder, startProgram } from "./testing.fixture.ts";

const freshFile = () => path.join(freshFolder(), "spill.ndjson");
const writer = fileURLToPath(new URL("spill-writer.fixture.ts", import.meta.url));

it("gives back what it was given, in order, in batches, once", async () => {
  const spill = openSpill(freshFile());
  const rows = exampleRows(1_100);
  for (const row of rows) spill.append([row]);
  const batches: string[][] = [];
  const store = async (batch: { id: string }[]) => void batches.push(batch.map(({ id }) => id));
  expect(await spill.drain(store)).toBe(0);
  expect(batches.map(({ length }) => length)).toEqual([500, 500, 100]);
  expect(batches.flat()).toEqual(rows.map(({ id }) => id));
  await spill.drain(store);
  expect(batches).toHaveLength(3);
});

it("keeps everything when storing fails, and leaves no second file behind however often it does", async () => {
  const file = freshFile();
  const spill = openSpill(file);
  spill.append(exampleRows(600));
  const before = readFileSync(file, "utf8");
  for (let attempt = 0; attempt < 3; attempt++) {
    let batches = 0;
    const fail = async () => {
      if (++batches === 2) throw new Error("down");
    };
    await expect(spill.drain(fail)).rejects.toThrow("down");
  }
  expect(readFileSync(file, "utf8")).toBe(before);
  expect(readdirSync(path.dirname(file))).toEqual(["spill.ndjson"]);
});

it("takes no more than there is room for, what others moved aside counted in", () => {
  const file = freshFile();
  const rows = exampleRows(10);
  const line = JSON.stringify(rows[0]).length + 1;
  const spill = openSpill(file, line * 6);
  expect(spill.append(rows.slice(0, 3))).toBe(3);
  expect(spill.append(rows.slice(3))).toBe(2);
  expect(spill.append(rows.slice(3))).toBe(0);
  expect(statSync(file).size).toBeLessThanOrEqual(line * 6);
  writeFileSync(`${file}.claimed-0`, "x".repeat(line * 6));
  expect(openSpill(file, line * 8).append(rows)).toBe(0);
});

it("reads around what a crash tore or somebody else wrote", async () => {
  const file = freshFile();
  const [first, second] = exampleRows(2);
  const stray = { ...exampleRow(), status: "fine" };
  writeFileSync(
    file,
    `${JSON.stringify(first)}\n${JSON.stringify(stray)}\nnull\n\u0000\u0000\n{"id":"${first?.id}`,
  );
  const spill = openSpill(file);
  spill.append([second!]);
  const ids: string[] = [];
  expect(await spill.drain(async (rows) => void ids.push(...rows.map(({ id }) => id)))).toBe(4);
  expect(ids).toEqual([first?.id, second?.id]);
});

it("is the owner's alone, and no other kind of file", () => {
  const folder = freshFolder();
  const file = path.join(folder, "deep/er/spill");
  const spill = openSpill(file);
  spill.prepare();
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  writeFileSync(file, "", { mode: 0o644 });
  spill.append(exampleRows(1));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  mkdirSync(path.join(folder, "directory"));
  symlinkSync(file, path.join(folder, "link"));
  for (const name of ["directory", "link"]) {
    const wrong = openSpill(path.join(folder, name));
    expect(() => wrong.prepare()).toThrow();
    expect(() => wrong.append(exampleRows(1))).toThrow();
  }
});

it("loses nothing while four processes write and two others empty it", async () => {
  const file = freshFile();
  const stored = new Set<string>();
  const writers = Array.from({ length: 4 }, () => startProgram([process.execPath, writer, file, "300"], {}));
  let isWriting = true;
  const written = Promise.all(writers.map(({ ended }) => ended)).finally(() => {
    isWriting = false;
  });
  const empty = async () => {
    const spill = openSpill(file);
    while (isWriting) {
      await spill.drain(async (rows) => {
        for (const { id } of rows) stored.add(id);
        await new Promise(setImmediate);
      });
      await new Promise(setImmediate);
    }
  };
  const [ends] = await Promise.all([written, empty(), empty()]);
  await openSpill(file).drain(async (rows) => rows.forEach(({ id }) => void stored.add(id)));
  const kept = ends.flatMap(({ out }) => out.split("\n").filter(Boolean));
  expect(ends.map(({ code, err }) => [code, err])).toEqual(ends.map(() => [0, ""]));
  expect(kept).toHaveLength(1_200);
  expect(kept.filter((id) => !stored.has(id))).toEqual([]);
  expect(readdirSync(path.dirname(file))).toEqual([]);
});
