import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deployment } from "./seed/deployment.ts";
import { startEmbedded } from "./seed/embedded.ts";
import { row } from "./seed/row.ts";
import { rows } from "./seed/rows.ts";
import { runRows } from "./seed/run-rows.ts";
import type { Target } from "./seed/target.ts";

// Every sentence of the seed, on the embedded default as `npm start` runs it.

let target: Target;
beforeAll(async () => {
  target = await startEmbedded();
});
afterAll(() => target?.stop());

describe("on the embedded default", () => {
  test.each(rows.map((one) => [one.name, one] as const))("%s", async (_, { check }) => {
    await check(target);
  });
});

describe("as a deployment", () => {
  /** The same project, as one that is known by its address and a token alone. */
  const remote = (write: boolean) =>
    deployment({ url: target.url, token: target.user.token, write }, undefined);

  test("rows that need more are named with what they need, and not counted", async () => {
    const lines: string[] = [];
    const isWhole = await runRows(rows, remote(false), (line) => lines.push(line));
    expect([isWhole, lines.filter((line) => line.includes("✖"))]).toEqual([true, []]);
    const left = lines.filter((line) => line.includes("not checked here: "));
    expect(lines.at(-2)).toBe(`${left.length} not checked here`);
    const held = lines.filter((line) => line.includes("✔")).length;
    expect(lines.at(-1)).toBe(`${held} of ${held}`);
    expect(held + left.length).toBe(rows.length);
    expect(left.join("\n")).toMatch(/tenants-create: .*--write/);
    expect(left.join("\n")).toMatch(/tenants\.rut: .*DATABASE_URL/);
  });

  test("nothing is created without --write, and what is created with it is deleted", async () => {
    const { sql } = target;
    const count = async () => {
      const [row] = sql
        ? await sql`select count(*)::int as n, count(*) filter (where active)::int as active from tenants`
        : [];
      return [Number(row?.n), Number(row?.active)] as const;
    };
    const before = await count();
    const reading = remote(false);
    await runRows(rows, reading, () => undefined);
    await reading.stop();
    expect(await count()).toEqual(before);
    const writing = remote(true);
    expect(await runRows(rows, writing, () => undefined)).toBe(true);
    await writing.stop();
    const [all, active] = await count();
    expect(all).toBeGreaterThan(before[0]);
    expect(active).toBe(before[1]);
  });

  test("a sentence that does not hold is one line, and the last line says how many do", async () => {
    const lines: string[] = [];
    const broken = rows.map((one) =>
      one.name === "route-ping" ? row("route-ping", async () => Promise.reject(new Error("no pong"))) : one,
    );
    expect(await runRows(broken, remote(false), (line) => lines.push(line))).toBe(false);
    expect(lines.filter((line) => line.includes("✖"))).toEqual([
      expect.stringMatching(/route-ping: .*: no pong$/),
    ]);
    const [, held, checked] = /^(\d+) of (\d+)$/.exec(lines.at(-1) ?? "") ?? [];
    expect(Number(held)).toBe(Number(checked) - 1);
  });
});
