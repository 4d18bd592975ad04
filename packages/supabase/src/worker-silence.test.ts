import { expect, it } from "vitest";
import { silenceNotice } from "./worker-silence.ts";

it.each([
  [121, "2 minutes"],
  [7_199, "119 minutes"],
  [7_200, "2 hours"],
  [Number.POSITIVE_INFINITY, "a day or more"],
])("words a silence of %d s", (seconds, words) => {
  expect(silenceNotice(seconds)).toBe(
    `No worker has reported for ${words}. Start apps/backend, or set up the cron route; see docs/provisioning.md.`,
  );
});
