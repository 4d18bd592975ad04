import { describe, expect, test } from "vitest";
import { readTestArguments } from "./test-arguments.ts";

describe("the arguments of npm test", () => {
  test("none: all workspaces on Postgres 17, in the usual order", () => {
    expect(readTestArguments([])).toEqual({
      workspaces: [],
      postgresVersion: "17",
      maxRows: undefined,
      seed: undefined,
    });
  });

  test("name workspaces by their folders", () => {
    expect(readTestArguments(["core", "tools-tenants", "web", "sql"]).workspaces).toEqual([
      "packages/core",
      "packages/tools-tenants",
      "apps/web",
      "sql",
    ]);
  });

  test("choose the version of Postgres and the row limit of a response", () => {
    expect(readTestArguments(["--pg", "16", "--max-rows", "50"])).toMatchObject({
      postgresVersion: "16",
      maxRows: 50,
    });
  });

  test("shuffle by a random or the given seed", () => {
    expect(readTestArguments(["--shuffle"]).seed).toBeGreaterThan(0);
    expect(readTestArguments(["--shuffle", "--seed", "7"]).seed).toBe(7);
    expect(readTestArguments(["--seed", "7"]).seed).toBe(7);
  });

  test.each([
    [["kore"], "There is no workspace kore."],
    [["--pg", "15"], "There is no embedded Postgres 15."],
    [["--max-rows", "many"], "--max-rows takes a positive number, not many."],
    [["--seed", "0"], "--seed takes a positive number, not 0."],
    [["--watch"], "Unknown option '--watch'."],
    [["--pg"], "Option '--pg <value>' argument missing."],
  ])("that are invalid, %j, throw one line with the valid ones", (args, message) => {
    const read = () => readTestArguments(args);
    expect(read).toThrow(message);
    expect(read).toThrow(/^[^\n]* Use npm test -- \[[^\n]*core[^\n]*\] \[--pg 16\|17\|18\] [^\n]*\.$/);
  });
});
