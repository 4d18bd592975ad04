import { execFile } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { exampleRow, exampleRows, row } from "./row.fixture.ts";
import { openDiskBuffer } from "./shared-file.ts";

const open = (file: string, maximumBytes?: number) => openDiskBuffer(file, row, maximumBytes);
const freshFile = () => path.join(freshFolder(), "buffer.ndjson");
const writer = fileURLToPath(new URL("shared-file-writer.fixture.ts", import.meta.url));
const run = promisify(execFile);

function freshFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "smarteros-disk-buffer-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

it("drains the rows that were appended, in order, in batches, once", async () => {
  const buffer = open(freshFile());
  const rows = exampleRows(1_100);
  for (const row of rows) buffer.append([row]);
  const batches: string[][] = [];
  const store = async (batch: { id: string }[]) => void batches.push(batch.map(({ id }) => id));
  expect(await buffer.drain(store)).toBe(0);
  expect(batches.map(({ length }) => length)).toEqual([500, 500, 100]);
  expect(batches.flat()).toEqual(rows.map(({ id }) => id));
  await buffer.drain(store);
  expect(batches).toHaveLength(3);
});

it("leaves every row in one file where storing fails, however often", async () => {
  const file = freshFile();
  const buffer = open(file);
  buffer.append(exampleRows(600));
  const before = readFileSync(file, "utf8");
  for (let attempt = 0; attempt < 3; attempt++) {
    let batches = 0;
    const fail = async () => {
      if (++batches === 2) throw new Error("down");
    };
    await expect(buffer.drain(fail)).rejects.toThrow("down");
  }
  expect(readFileSync(file, "utf8")).toBe(before);
  expect(readdirSync(path.dirname(file))).toEqual(["buffer.ndjson"]);
});

it("appends no more rows than there is room for, files that others renamed included", () => {
  const file = freshFile();
  const rows = exampleRows(10);
  const line = JSON.stringify(rows[0]).length + 1;
  const buffer = open(file, line * 6);
  expect(buffer.append(rows.slice(0, 3))).toBe(3);
  expect(buffer.append(rows.slice(3))).toBe(2);
  expect(buffer.append(rows.slice(3))).toBe(0);
  expect(statSync(file).size).toBeLessThanOrEqual(line * 6);
  writeFileSync(`${file}.claimed-0`, "x".repeat(line * 6));
  expect(open(file, line * 8).append(rows)).toBe(0);
});

it("skips and counts lines that hold no row", async () => {
  const file = freshFile();
  const [first, second] = exampleRows(2);
  const stray = { ...exampleRow(), status: "fine" };
  writeFileSync(
    file,
    `${JSON.stringify(first)}\n${JSON.stringify(stray)}\nnull\n\u0000\u0000\n{"id":"${first?.id}`,
  );
  const buffer = open(file);
  buffer.append([second!]);
  const ids: string[] = [];
  expect(await buffer.drain(async (rows) => void ids.push(...rows.map(({ id }) => id)))).toBe(4);
  expect(ids).toEqual([first?.id, second?.id]);
});

it("writes a file of mode 0600, and refuses a folder and a link in its place", () => {
  const folder = freshFolder();
  const file = path.join(folder, "deep/er/buffer");
  const buffer = open(file);
  buffer.prepare();
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  writeFileSync(file, "", { mode: 0o644 });
  buffer.append(exampleRows(1));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  mkdirSync(path.join(folder, "directory"));
  symlinkSync(file, path.join(folder, "link"));
  for (const name of ["directory", "link"]) {
    const wrong = open(path.join(folder, name));
    expect(() => wrong.prepare()).toThrow();
    expect(() => wrong.append(exampleRows(1))).toThrow();
  }
});

it("loses no row while four processes append and two drain", async () => {
  const file = freshFile();
  const stored = new Set<string>();
  const writers = Array.from({ length: 4 }, () => run(process.execPath, [writer, file, "300"]));
  let isWriting = true;
  const written = Promise.all(writers).finally(() => {
    isWriting = false;
  });
  const empty = async () => {
    const buffer = open(file);
    while (isWriting) {
      await buffer.drain(async (rows) => {
        for (const { id } of rows) stored.add(id);
        await new Promise(setImmediate);
      });
      await new Promise(setImmediate);
    }
  };
  const [ends] = await Promise.all([written, empty(), empty()]);
  await open(file).drain(async (rows) => rows.forEach(({ id }) => void stored.add(id)));
  const appended = ends.flatMap(({ stdout }) => stdout.split("\n").filter(Boolean));
  expect(ends.map(({ stderr }) => stderr)).toEqual(ends.map(() => ""));
  expect(appended).toHaveLength(1_200);
  expect(appended.filter((id) => !stored.has(id))).toEqual([]);
  expect(readdirSync(path.dirname(file))).toEqual([]);
});
