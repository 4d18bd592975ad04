import { setTimeout as sleep } from "node:timers/promises";
import type { Locator, Page } from "@playwright/test";

/** Milliseconds from the click to the paint, and from the last byte of the tool call's response, if there was one. */
export type Painted = { fromClick: number; fromResponse: number };

/**
 * Clicks and measures until the element of the selector is on the screen: a frame was drawn after it was added, and the
 * main thread runs the next task. Uses the page's clock. Resolves to undefined after the timeout.
 */
export async function painted(
  page: Page,
  run: Locator,
  selector: string,
  capMs: number,
): Promise<Painted | undefined> {
  await run.waitFor();
  await page.evaluate((wanted) => {
    if (document.querySelector(wanted)) throw new Error(`${wanted} is there before the click`);
    const clicked = new Promise<number>((resolve) => {
      addEventListener("click", ({ timeStamp }) => resolve(timeStamp), { capture: true, once: true });
    });
    const there = new Promise<void>((resolve) => {
      const observer = new MutationObserver(() => {
        if (!document.querySelector(wanted)) return;
        observer.disconnect();
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve();
          port2.postMessage(undefined);
        });
      });
      observer.observe(document, { childList: true, subtree: true });
    });
    const outcome = Promise.all([clicked, there]).then(([from]) => {
      const now = performance.now();
      const entries = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
      const arrived = entries.findLast(({ name }) => new URL(name).pathname === "/api/mcp/tool")?.responseEnd;
      return { fromClick: now - from, fromResponse: now - (arrived ?? Number.NaN) };
    });
    Object.assign(globalThis, { painted: outcome });
  }, selector);
  // A page that freezes immediately blocks the click too.
  const outcome = run
    .click({ timeout: 0 })
    .then(() => page.evaluate(() => (globalThis as unknown as { painted: Promise<Painted> }).painted));
  const given = new AbortController();
  const over = sleep(capMs, undefined, { signal: given.signal }).catch(() => undefined);
  const first = await Promise.race([outcome, over]);
  given.abort();
  // The page may be closed while the click is pending.
  outcome.catch(() => undefined);
  return first;
}
