import { createOutageNotifier } from "@smarteros/alerts/monitor";
import { expect, it } from "vitest";
import { answer, farSide, monitorEnvironment, runMonitor } from "../monitor.fixture.ts";

const silent = { info: () => undefined, error: () => undefined };

it("tells once that the database is away, and once that it is back", async () => {
  const slack = await farSide(answer(200));
  const tell = createOutageNotifier({ url: `${slack.url}/hunter2`, allowsInternal: true, logger: silent });
  const seenAfter: number[] = [];
  for (const isStored of [true, false, true, false, false, false, true, true, false]) {
    await tell(isStored);
    seenAfter.push(slack.seen.length);
  }
  expect(seenAfter).toEqual([0, 0, 0, 0, 1, 1, 2, 2, 2]);
  const texts = slack.seen.map(({ body }) => JSON.parse(body).text);
  expect(texts).toEqual([
    expect.stringContaining("Open: database (supabase)"),
    expect.stringContaining("Resolved: database"),
  ]);
});

it("tells at a later pass what it could not, and nothing of what nobody was told", async () => {
  const slack = await farSide(answer(500));
  const tell = createOutageNotifier({ url: slack.url, allowsInternal: true, logger: silent });
  await tell(false);
  await tell(false);
  await tell(true);
  expect(slack.seen).toHaveLength(1);
  await tell(false);
  slack.become(answer(200));
  await tell(false);
  await tell(false);
  expect(slack.seen).toHaveLength(2);
});

it("does not start with an address that others can read along, and does not show it", async () => {
  const environment = monitorEnvironment();
  const { ALERT_ALLOW_INTERNAL: _, ...closed } = environment;
  const done = await runMonitor([], { ...closed, ALERT_FALLBACK_URL: "http://hooks.example/hunter2" });
  expect(done).toMatchObject({ code: 2, err: expect.stringContaining("ALERT_FALLBACK_URL") });
  expect(done.err).not.toContain("hunter2");
});
