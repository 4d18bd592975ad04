import { expect, it } from "vitest";
import * as z from "zod";
import { onlyTrue, parseSettings } from "./env.ts";

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
