import { expect, it } from "vitest";
import * as z from "zod";
import { comparing, onlyTrue, parseSettings } from "./env.ts";

const schema = z.object({
  URL: z.url(),
  KEY: z.string().startsWith("sb_"),
  PORT: z.coerce.number().int().default(3000),
  ON: onlyTrue,
});

it("reports every wrong name at once, and no value", () => {
  const settings = parseSettings(schema, {
    URL: "not a secret url",
    KEY: "hunter2",
    PORT: "hunter3",
    ON: "hunter4",
  });
  expect(settings.ok).toBe(false);
  const problems = settings.ok ? [] : settings.problems;
  expect(problems.map((problem) => problem.split(" ")[0])).toEqual(["URL", "KEY", "PORT"]);
  expect(problems.join()).not.toMatch(/hunter|not a secret/);
});

it("counts an empty variable as missing, and only true as on", () => {
  expect(parseSettings(schema, { URL: "", KEY: "sb_1" })).toEqual({
    ok: false,
    problems: ["URL is missing"],
  });
  const on = (ON?: string) => parseSettings(schema, { URL: "http://a.test", KEY: "sb_1", ON });
  for (const value of [undefined, "TRUE", "1", "yes", "true;"])
    expect(on(value)).toMatchObject({ value: { ON: false, PORT: 3000 } });
  expect(on("true")).toMatchObject({ value: { ON: true } });
});

it("compares settings also where one is wrong, and names that one once", () => {
  const compared = schema.extend({ PAIR: z.string().optional() }).check(
    comparing(function* ({ KEY, PAIR }: { KEY?: string; PAIR?: string }) {
      if (!KEY) yield { path: ["KEY"], message: "is needed" };
      if (!PAIR) yield { path: ["PAIR"], message: "KEY is nothing without it" };
    }),
  );
  expect(parseSettings(compared, { URL: "http://a.test", KEY: "hunter2", PORT: "x" })).toEqual({
    ok: false,
    problems: [
      expect.stringMatching(/^KEY is not valid/),
      expect.stringMatching(/^PORT is not valid/),
      "PAIR is missing: KEY is nothing without it",
    ],
  });
  expect(parseSettings(compared, { URL: "http://a.test", KEY: "sb_1", PAIR: "x" })).toMatchObject({
    ok: true,
  });
});
