import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readArguments } from "./seed/deployment.ts";
import { documentedRows } from "./seed/document.ts";
import { rows } from "./seed/rows.ts";

const documented = documentedRows();

describe("docs/seed.md and the checks", () => {
  test("name the same rows, each once and in the same order", () => {
    const named = documented.flatMap(({ check }) => (check === undefined ? [] : [check]));
    expect(named).toEqual(rows.map(({ name }) => name));
    expect(new Set(named).size).toBe(named.length);
  });

  test("leave no row without a check that is not open", () => {
    for (const { check, sentence, state } of documented)
      if (check === undefined)
        expect([sentence, state]).toEqual([sentence, expect.stringMatching(/^open: /)]);
  });
});

describe("docs/roadmap.md", () => {
  const root = path.join(import.meta.dirname, "..");
  const roadmap = readFileSync(path.join(root, "docs/roadmap.md"), "utf8");
  const boxes = [...roadmap.matchAll(/^- \[([ x])\] (.+?)\. (.*)$/gm)].map(
    ([, mark, sentence = "", rest = ""]) => ({
      isTicked: mark === "x",
      sentence,
      rest,
    }),
  );
  const inSeed = documented.filter(({ section }) => section === "Roadmap");

  test("has the boxes of the seed, and ticks those that have a check", () => {
    const ticks = boxes.map(({ sentence, isTicked }) => [`"${sentence}"`, isTicked]);
    expect(ticks).toEqual(inSeed.map(({ sentence, check }) => [sentence, check !== undefined]));
    expect(boxes).toHaveLength(16);
  });

  test.each(boxes)(
    "$sentence: names its version and a test that is there, or is open",
    ({ isTicked, rest }) => {
      if (!isTicked) return expect(rest).toMatch(/^Open/);
      const [, file = ""] = /^\d+\.\d+\.\d+\. `([^`]+\.(?:test|spec|contract)\.ts)`$/.exec(rest) ?? [];
      return expect([rest, existsSync(path.join(root, file)) && file !== ""]).toEqual([rest, true]);
    },
  );
});

describe("the command line", () => {
  const url = ["--url", "https://app.test/", "--token", "a.b.c"];

  test("without arguments checks the embedded default", () => expect(readArguments([])).toBeUndefined());

  test("names a deployment, which is only read without --write", () => {
    expect(readArguments(url)).toEqual({ url: "https://app.test", token: "a.b.c", write: false });
    expect(readArguments([...url, "--write"])?.write).toBe(true);
    const supabase = ["--supabase-url", "https://x.supabase.co", "--service-key", "key"];
    expect(readArguments([...url, ...supabase])?.supabase?.url).toBe("https://x.supabase.co");
  });

  test.each([
    [["--url", "https://app.test"]],
    [["--token", "a.b.c"]],
    [["--write"]],
    [["--url", "http://app.test", "--token", "a.b.c"]],
    [["--url", "app.test", "--token", "a.b.c"]],
    [[...url, "--supabase-url", "https://x.supabase.co"]],
    [[...url, "--other"]],
    [["word"]],
  ])("%j is refused", (given) => expect(() => readArguments(given)).toThrow());
});
