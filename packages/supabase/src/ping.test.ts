import { expect, inject, test } from "vitest";
import { asAnonymous } from "./client.ts";
import { ping } from "./ping.ts";

const { supabaseUrl: url, publishableKey } = inject("embedded");

test.each([
  ["answers with any key", { url, publishableKey }, { ok: true, status: 200 }],
  [
    "is refused with a wrong key",
    { url, publishableKey: "sb_publishable_wrong" },
    { ok: false, status: 401 },
  ],
  [
    "has no status where nothing listens",
    { url: "http://127.0.0.1:9", publishableKey },
    { ok: false, status: 0 },
  ],
])("the ping %s", async (_, project, expected) => {
  expect(await ping(asAnonymous(project), AbortSignal.timeout(5_000))).toEqual(expected);
});
