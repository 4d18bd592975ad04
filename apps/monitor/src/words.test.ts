import { expect, it } from "vitest";
import { runMonitor } from "./testing.fixture.ts";
import { readWords } from "./words.ts";

it.each([
  [[], { kind: "run", json: false }],
  [["--once", "--json"], { kind: "run", json: true }],
  [["--every", "10s"], { kind: "run", everyMs: 10_000, json: false }],
  [["--every=5m"], { kind: "run", everyMs: 300_000, json: false }],
  [["--every", "24h"], { kind: "run", everyMs: 86_400_000, json: false }],
  [["-h"], { kind: "help" }],
])("reads %j", (words, wish) => {
  expect(readWords(words)).toEqual(wish);
});

it.each([
  ["--every", "9s"],
  ["--every", "25h"],
  ["--every", "5"],
  ["--every", "-5m"],
  ["--every", "5 m"],
  ["--every", "0x10m"],
  ["--every", "1e3s"],
  ["--every", ""],
  ["--every"],
  ["--once", "--every", "5m"],
  ["--wrong"],
  ["once"],
])("does not start with %s %s %s", (...words) => {
  expect(() => readWords(words)).toThrow();
});

it("says how it is used, with 0 when asked and with 2 when it was used otherwise", async () => {
  expect(await runMonitor(["--help"], {})).toMatchObject({
    code: 0,
    out: expect.stringContaining("--every 5m"),
    err: "",
  });
  expect(await runMonitor(["--every", "1s"], {})).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringContaining("from 10s to 24h"),
  });
});
