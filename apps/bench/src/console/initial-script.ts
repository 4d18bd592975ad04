import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { Response } from "@playwright/test";
import type { Subject } from "./subject.ts";

/** Returns the kilobytes of JavaScript, gzip -9, that the first screen fetches before any interaction. */
export async function initialScript(subject: Subject): Promise<number> {
  const scripts: Response[] = [];
  const page = await subject.visitor();
  page.on("response", (response) => {
    if (response.request().resourceType() === "script") scripts.push(response);
  });
  await subject.firstScreen(page);
  // The Inspector's connection stays open, so the network never becomes idle.
  await sleep(2_500);
  const bodies = await Promise.all(scripts.map((script) => script.body()));
  await page.context().close();
  return bodies.reduce((total, body) => total + gzipSync(body, { level: 9 }).length, 0) / 1_000;
}
