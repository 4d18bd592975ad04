import type { Snapshot } from "@smarteros/tools-fastapi/provisioning-log";
import { expect, test } from "vitest";
import { changes } from "./event-source.ts";

const none: Snapshot = { services: [], runs: [] };
const other = { services: [], runs: [{ id: "1" }] } as unknown as Snapshot;

/** What is told of readings, one a second; after the last the listener leaves. */
async function told(readings: (Snapshot | Error)[]) {
  const leaving = new AbortController();
  let seconds = 0;
  const events: string[] = [];
  for await (const event of changes({
    first: none,
    async read() {
      const next = readings.shift();
      if (!next) leaving.abort();
      if (next instanceof Error) throw next;
      return next ?? none;
    },
    async pause(ms) {
      seconds += ms / 1_000;
    },
    signal: leaving.signal,
    now: () => seconds * 1_000,
  }))
    events.push(event);
  return { events, seconds };
}

test("the first is told at once, with when to come back; then what differs from the one before", async () => {
  const { events } = await told([none, other, other, none]);
  expect(events).toEqual([
    `retry: 2000\n\ndata: ${JSON.stringify(none)}\n\n`,
    `data: ${JSON.stringify(other)}\n\n`,
    `data: ${JSON.stringify(none)}\n\n`,
  ]);
});

test("a comment keeps the connection where nothing changes for 15 s", async () => {
  const { events } = await told(Array.from({ length: 31 }, () => none));
  expect(events.slice(1)).toEqual([":\n\n", ":\n\n"]);
});

test("it ends where reading fails, and reads no more", async () => {
  const { events, seconds } = await told([other, new Error("gone"), other]);
  expect([events.length, seconds]).toEqual([2, 2]);
});
