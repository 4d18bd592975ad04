import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deployment } from "./seed/deployment.ts";
import { startEmbedded } from "./seed/embedded.ts";
import { row } from "./seed/row.ts";
import { rows } from "./seed/rows.ts";
import { runRows } from "./seed/run-rows.ts";
import type { Target } from "./seed/target.ts";

// Checks every sentence of the seed on the embedded default as `npm start` runs it.

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
  /** The same project, accessed like a deployment by address and token only. */
  const remote = async (user: string, write: boolean) =>
    deployment({ url: target.url, token: await tokenOf(user), write }, undefined);
  const tokenOf = (user: string) =>
    target.embedded?.tokenOf(user) ?? Promise.reject(new Error("there is no embedded default"));
  const counted = async () => {
    const { sql } = target;
    const [row] = sql
      ? await sql`select count(*)::int as n, count(*) filter (where active)::int as active from tenants`
      : [];
    return [Number(row?.n), Number(row?.active)] as const;
  };

  test("without --write, rows that need more are named with what they need and not counted, and nothing is created", async () => {
    const before = await counted();
    const lines: string[] = [];
    const reading = await remote("operator-b", false);
    expect(await runRows(rows, reading, (line) => lines.push(line))).toBe(true);
    await reading.stop();
    expect(await counted()).toEqual(before);
    const left = lines.filter((line) => line.includes("not checked here: "));
    const held = lines.filter((line) => line.includes("✔")).length;
    expect(lines.slice(-2)).toEqual([`${left.length} not checked here`, `${held} of ${held}`]);
    expect(held + left.length).toBe(rows.length);
    expect(left.join("\n")).toMatch(/tenants-create: .*--write/);
    expect(left.join("\n")).toMatch(/tenants\.rut: .*DATABASE_URL/);
  });

  test("with --write, what is created is deleted", async () => {
    const [all, active] = await counted();
    const lines: string[] = [];
    const writing = await remote("admin", true);
    await runRows(rows, writing, (line) => lines.push(line));
    await writing.stop();
    expect(lines.filter((line) => line.includes("✖"))).toEqual([]);
    const [allAfter, activeAfter] = await counted();
    expect(allAfter).toBeGreaterThan(all);
    expect(activeAfter).toBe(active);
  });

  test("a failed sentence is one line with the reason and is not counted", async () => {
    const lines: string[] = [];
    const broken = [
      row("route-ping", () => Promise.reject(new Error("no pong"))),
      row("route-health", async () => undefined),
    ];
    const reading = await remote("operator-b", false);
    expect(await runRows(broken, reading, (line) => lines.push(line))).toBe(false);
    expect(lines.filter((line) => line.includes("✖"))).toEqual([
      expect.stringMatching(/route-ping: .*: no pong$/),
    ]);
    expect(lines.at(-1)).toBe("1 of 2");
  });

  test("an interrupted run ends after the current row", async () => {
    const lines: string[] = [];
    const interrupted = new AbortController();
    const two = [
      row("route-ping", async () => interrupted.abort()),
      row("route-health", () => Promise.reject(new Error("it was checked"))),
    ];
    const reading = await remote("operator-b", false);
    expect(await runRows(two, reading, (line) => lines.push(line), interrupted.signal)).toBe(false);
    expect(lines.filter((line) => /[✔✖]/.test(line))).toEqual([expect.stringContaining("route-ping")]);
  });
});
