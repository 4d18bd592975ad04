import { setTimeout as sleep } from "node:timers/promises";
import type { Locator, Page } from "@playwright/test";

/** Milliseconds from the click, and from the arrival of the answer's last byte where a request of that path was seen. */
export type Painted = { fromClick: number; fromAnswer: number };

/**
 * Clicks, and says when what the selector names was on the screen: a frame has been drawn after it entered the page, and
 * the main thread takes the next task. Measured by the page's own clock. Nothing within the cap resolves to undefined.
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
      const answers = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
      const arrived = answers.findLast(({ name }) => new URL(name).pathname === "/api/mcp/tool")?.responseEnd;
      return { fromClick: now - from, fromAnswer: now - (arrived ?? Number.NaN) };
    });
    Object.assign(globalThis, { painted: outcome });
  }, selector);
  // A page that freezes at once holds the click up too.
  const outcome = run
    .click({ timeout: 0 })
    .then(() => page.evaluate(() => (globalThis as unknown as { painted: Promise<Painted> }).painted));
  const given = new AbortController();
  const over = sleep(capMs, undefined, { signal: given.signal }).catch(() => undefined);
  const first = await Promise.race([outcome, over]);
  given.abort();
  // The page is closed while it is still at it.
  outcome.catch(() => undefined);
  return first;
}
