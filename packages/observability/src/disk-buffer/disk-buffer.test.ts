import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { freshFolder } from "../folder.fixture.ts";
import type { DiskBuffer, StoredFile } from "./disk-buffer.ts";
import { exampleRow, exampleRows, fileOf, openExample, type Use, uses } from "./example.fixture.ts";
import { abandonedFiles } from "./process-files.ts";

const writer = fileURLToPath(new URL("writer.fixture.ts", import.meta.url));
const run = promisify(execFile);

/** Drains a buffer into a list of ids and counts the lines that held no row. */
async function drained(buffer: DiskBuffer<{ id: string }>) {
  const ids: string[] = [];
  const files: StoredFile[] = [];
  await buffer.drain(
    async (rows) => void ids.push(...rows.map(({ id }) => id)),
    (file) => void files.push(file),
  );
  return { ids, files, unreadable: files.reduce((sum, file) => sum + file.unreadable, 0) };
}

const linesOf = (text: string) => text.split("\n").filter(Boolean);

describe.each(uses)("a disk buffer in a file with the use %s", (use: Use) => {
  const freshFile = () => fileOf(use, freshFolder());
  const open = (file: string, maximumBytes?: number) => openExample(use, file, maximumBytes);

  it("drains the rows that were appended, in order, in batches, once", async () => {
    const buffer = open(freshFile());
    const rows = exampleRows(1_100);
    for (const row of rows) buffer.append([row]);
    const batches: string[][] = [];
    const store = async (batch: { id: string }[]) => void batches.push(batch.map(({ id }) => id));
    await buffer.drain(store);
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
    expect(readdirSync(path.dirname(file))).toEqual([path.basename(file)]);
  });

  it("closes a file of 4 MiB, and drains closed files first", async () => {
    const file = freshFile();
    const buffer = open(file);
    const rows = exampleRows(70_000);
    buffer.append(rows);
    const [last] = exampleRows(1);
    buffer.append([last!]);
    expect(readdirSync(path.dirname(file))).toHaveLength(2);
    expect(statSync(file).size).toBeLessThan(1_000);
    const { ids, files } = await drained(buffer);
    expect(ids).toEqual([...rows, last!].map(({ id }) => id));
    expect(files.map(({ rows: count, owner }) => [count, owner])).toEqual([
      [70_000, "own"],
      [1, "own"],
    ]);
    expect(readdirSync(path.dirname(file))).toEqual([]);
  });

  it("appends no more rows than there is room for, closed files included", () => {
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
    expect(await drained(buffer)).toMatchObject({ ids: [first?.id, second?.id], unreadable: 4 });
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

  it("appends to a new file where another process closed or deleted the open one", async () => {
    const file = freshFile();
    const buffer = open(file);
    const rows = exampleRows(3);
    buffer.append([rows[0]!]);
    rmSync(file);
    buffer.append([rows[1]!]);
    expect(readFileSync(file, "utf8")).toContain(rows[1]!.id);
    buffer.append([rows[2]!]);
    expect((await drained(buffer)).ids).toEqual([rows[1]!.id, rows[2]!.id]);
  });

  it("loses no row while four processes append and two drain", async () => {
    const folder = freshFolder();
    const stored = new Set<string>();
    const writers = Array.from({ length: 4 }, () => run(process.execPath, [writer, use, folder, "300"]));
    let isWriting = true;
    const written = Promise.all(writers).finally(() => {
      isWriting = false;
    });
    const empty = async () => {
      const buffer = open(fileOf(use, folder));
      while (isWriting) {
        await buffer.drain(async (rows) => {
          for (const { id } of rows) stored.add(id);
          await new Promise(setImmediate);
        });
        await new Promise(setImmediate);
      }
    };
    const [ends] = await Promise.all([written, empty(), empty()]);
    for (const id of (await drained(open(fileOf(use, folder)))).ids) stored.add(id);
    const appended = ends.flatMap(({ stdout }) => linesOf(stdout));
    expect(ends.map(({ stderr }) => stderr)).toEqual(ends.map(() => ""));
    expect(appended).toHaveLength(1_200);
    expect(appended.filter((id) => !stored.has(id))).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("loses no appended row of a killed process, and skips the line that it tore", async () => {
    const folder = freshFolder();
    const child = spawn(process.execPath, [writer, use, folder, "1000000"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
    });
    const ended = once(child, "close");
    await vi.waitFor(() => expect(linesOf(said).length).toBeGreaterThan(100), 20_000);
    child.kill("SIGKILL");
    await ended;
    const [name = ""] = readdirSync(folder);
    appendFileSync(path.join(folder, name), '{"id":"torn');
    const { ids, unreadable } = await drained(open(fileOf(use, folder)));
    // What the process printed last may be torn too.
    const appended = said.split("\n").slice(0, -1);
    expect(appended.filter((id) => !ids.includes(id))).toEqual([]);
    expect(unreadable).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("loses no appended row where the disk is full, and reports each row that it refused", async () => {
    const folder = freshFolder();
    // A limit of 8 or 16 KiB for each file simulates a full disk.
    const { stdout, stderr } = await run("sh", [
      "-c",
      'ulimit -f 16 && exec "$0" "$@"',
      process.execPath,
      writer,
      use,
      folder,
      "300",
    ]);
    const appended = linesOf(stdout);
    expect(appended.length).toBeGreaterThan(20);
    expect(appended.length + linesOf(stderr).length).toBe(300);
    expect(new Set(linesOf(stderr))).toEqual(new Set(["EFBIG"]));
    const { ids, unreadable } = await drained(open(fileOf(use, folder)));
    expect(ids).toEqual(appended);
    // A shared file is not cut: another process may have appended behind the torn line.
    expect(unreadable).toBe(use === "shared" ? 1 : 0);
  });
});

it("takes over the file of a process that is gone, closed files of it included, and none of a running one", async () => {
  const folder = freshFolder();
  const running = fileOf("own", folder);
  openExample("own", running).append(exampleRows(1));
  const gone = running.replace(`-${process.pid}-`, "-4194999-");
  writeFileSync(gone, `${JSON.stringify(exampleRow())}\n`);
  writeFileSync(`${gone}.claimed-${crypto.randomUUID()}`, `${JSON.stringify(exampleRow())}\n`);
  expect(abandonedFiles(folder)).toHaveLength(2);
  const { files } = await drained(openExample("own", fileOf("own", folder)));
  expect(files).toEqual([
    { owner: "abandoned", rows: 1, unreadable: 0 },
    { owner: "abandoned", rows: 1, unreadable: 0 },
  ]);
  expect(readdirSync(folder)).toEqual([path.basename(running)]);
});
