import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { Response } from "@playwright/test";
import type { Subject } from "./subject.ts";

/** Kilobytes of JavaScript, gzip -9, that a first screen fetches before anybody does anything. */
export async function initialScript(subject: Subject): Promise<number> {
  const scripts: Response[] = [];
  const page = await subject.visitor();
  page.on("response", (response) => {
    if (response.request().resourceType() === "script") scripts.push(response);
  });
  await subject.firstScreen(page);
  // The Inspector keeps a connection open, so there is no end of it to wait for.
  await sleep(2_500);
  const bodies = await Promise.all(scripts.map((script) => script.body()));
  await page.context().close();
  return bodies.reduce((total, body) => total + gzipSync(body, { level: 9 }).length, 0) / 1_000;
}
