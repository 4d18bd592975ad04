import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isLock, readRunning, takeLock } from "./lock.ts";
import { startTime } from "./process-table.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "smarteros-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function record(holder: object): void {
  writeFileSync(path.join(folder, "running.json"), JSON.stringify(holder));
}

test("is held by one process, which records the stack's addresses, until its release", () => {
  const lock = takeLock(folder);
  if (!isLock(lock)) throw new Error("not taken");
  expect(isLock(takeLock(folder))).toBe(false);
  lock.note({ restUrl: "http://127.0.0.1:1" });
  expect(readRunning(folder)).toMatchObject({ pid: process.pid, restUrl: "http://127.0.0.1:1" });
  expect(statSync(path.join(folder, "running.json")).mode & 0o777).toBe(0o600);
  lock.release();
  expect(readdirSync(folder)).toEqual(["start.lock"]);
  expect(isLock(takeLock(folder))).toBe(true);
});

test.each([
  ["a process that is gone", { pid: 2 ** 22 - 1, started: "1" }],
  ["a process whose pid another one has now", { pid: process.pid, started: "1" }],
  ["nobody, as it is damaged", { hello: 1 }],
])("is taken over from %s", (_name, holder) => {
  record(holder);
  expect(readRunning(folder)).toBeUndefined();
  expect(isLock(takeLock(folder))).toBe(true);
  expect(readRunning(folder)).toMatchObject({ pid: process.pid, started: startTime(process.pid) });
});

test("one of many concurrent processes gets it, even after a killed holder", async () => {
  record({ pid: 2 ** 22 - 1, started: "1" });
  const go = path.join(folder, "go");
  const source = fileURLToPath(new URL("lock.ts", import.meta.url));
  const script = `
    const { existsSync } = await import("node:fs");
    const { takeLock, isLock } = await import(${JSON.stringify(source)});
    while (!existsSync(${JSON.stringify(go)}));
    const taken = takeLock(${JSON.stringify(folder)});
    console.log(isLock(taken) ? "got it" : "refused");
    // Holds the lock until every process has reported its result, even on a slow machine.
    process.stdin.resume().on("end", () => isLock(taken) && taken.release());
  `;
  const starters = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ["--input-type=module", "-e", script]),
  );
  setTimeout(() => writeFileSync(go, ""), 1000);
  const outputs = await Promise.all(
    starters.map(async ({ stdout }) => String((await once(stdout, "data"))[0]).trim()),
  );
  for (const { stdin } of starters) stdin.end();
  expect(outputs.toSorted()).toEqual(["got it", ...Array.from({ length: 5 }, () => "refused")]);
  await Promise.all(starters.map((starter) => once(starter, "exit")));
  expect(existsSync(go)).toBe(true);
});
