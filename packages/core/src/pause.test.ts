import { expect, test } from "vitest";
import { pause } from "./pause.ts";

const hourMs = 3_600_000;

test("a pause ends after its time", async () => {
  const started = performance.now();
  await pause(30, new AbortController().signal);
  expect(performance.now() - started).toBeGreaterThan(25);
});

test("a pause ends with its signal, also where that aborted before", async () => {
  const stopping = new AbortController();
  const paused = pause(hourMs, stopping.signal);
  stopping.abort();
  await paused;
  await pause(hourMs, stopping.signal);
});

test("a pause of a time that is no number rejects", async () => {
  await expect(pause("soon" as never, new AbortController().signal)).rejects.toThrow();
});
