import { expect, inject, onTestFinished, test } from "vitest";
import { database } from "./database.ts";
import { clerkEnvironment, localEnvironment } from "./environments.ts";
import { call } from "./http-client.ts";
import { newUser, tokenOf } from "./tokens.ts";
import { startWeb } from "./web-server.ts";

const embedded = inject("embedded");
const { invocations } = database();

test("a flood of unknown tools costs one row with its count, stored when the process is told to end", async () => {
  const web = await startWeb((origin) => ({ ...localEnvironment(embedded, origin), MCP_RATE_LIMIT: "3" }));
  onTestFinished(async () => void (await web.stop()));
  const [first, second] = [newUser(), newUser()];
  for (const [user, calls] of [
    [first, 50],
    [second, 5],
  ] as const) {
    const token = await tokenOf(web, user);
    const answers = await Promise.all(
      Array.from({ length: calls }, (_, index) => call(web, token, `no.such${index}`)),
    );
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(calls - 3);
  }

  const started = performance.now();
  const { ending, log } = await web.stop();
  expect(ending).toMatch(/^(?:exit code (?:0|143)|SIGTERM)$/);
  expect(performance.now() - started).toBeLessThan(5_000);

  for (const [user, limited] of [
    [first, 47],
    [second, 2],
  ] as const) {
    const rows = await invocations(user);
    expect(rows.filter(({ code }) => code === "tool_not_found")).toHaveLength(3);
    expect(rows.filter(({ code }) => code === "rate_limited")).toMatchObject([
      { calls: limited, success: false, recorded_by: "service", transport: "http" },
    ]);
    expect(rows).toHaveLength(4);
  }
  expect(log.match(/"code":"rate_limited"/g)).toHaveLength(2);
});

test("without the service role key the first limited call is stored at once, since a token may not live that long", async () => {
  const web = await startWeb((origin) => ({ ...clerkEnvironment(embedded, origin), MCP_RATE_LIMIT: "1" }));
  onTestFinished(async () => void (await web.stop()));
  const user = newUser();
  const token = await tokenOf(web, user);
  await Promise.all(Array.from({ length: 10 }, () => call(web, token, "no.such")));
  const limited = async () => (await invocations(user)).filter(({ code }) => code === "rate_limited");
  await expect.poll(limited).toMatchObject([{ calls: 1, recorded_by: "self" }]);
  await web.stop();
  expect(await limited()).toHaveLength(1);
});
