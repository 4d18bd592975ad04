import { expect, it } from "vitest";
import { parseCliArguments } from "./cli.ts";
import { runMonitor } from "./monitor.fixture.ts";

it.each([
  [[], { kind: "run", json: false }],
  [["--once", "--json"], { kind: "run", json: true }],
  [["--every", "10s"], { kind: "run", everyMs: 10_000, json: false }],
  [["--every=5m"], { kind: "run", everyMs: 300_000, json: false }],
  [["--every", "24h"], { kind: "run", everyMs: 86_400_000, json: false }],
  [["-h"], { kind: "help" }],
])("parses %j", (args, cliArguments) => {
  expect(parseCliArguments(args)).toEqual(cliArguments);
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
])("rejects %s %s %s", (...args) => {
  expect(() => parseCliArguments(args)).toThrow();
});

it("prints the usage and exits with 0 for --help, with 2 for invalid arguments", async () => {
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
