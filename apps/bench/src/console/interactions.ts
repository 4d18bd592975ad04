import { setTimeout as sleep } from "node:timers/promises";
import { manyTools } from "./many-tools.ts";
import type { Subject } from "./subject.ts";

// The browser reports only interactions that take at least this long.
const thresholdMs = 16;
const pauseMs = 150;

/**
 * Returns the milliseconds from each interaction to the next paint, as reported by the browser, with a hundred tools: a
 * search of eight letters, clearing it, ten tools in turn, the arguments as JSON and back.
 */
export async function interactions(subject: Subject): Promise<number[]> {
  const { page, search, tool, asJson, asForm } = await subject.crowded();
  const tools = manyTools(10);
  await tool(tools[0] ?? { name: "", alias: "" }).waitFor();
  await page.evaluate((durationThreshold) => {
    const seen = new Map<number, number>();
    const observer = new PerformanceObserver((list) => {
      for (const { interactionId, duration } of list.getEntries() as PerformanceEventTiming[])
        if (interactionId) seen.set(interactionId, Math.max(duration, seen.get(interactionId) ?? 0));
    });
    observer.observe({ type: "event", durationThreshold } as PerformanceObserverInit);
    const { interactionCount } = performance as unknown as { interactionCount: number };
    Object.assign(globalThis, { seen, before: interactionCount });
  }, thresholdMs);
  const acts = [
    () => search.click(),
    ...Array.from("tenants7", (letter) => () => page.keyboard.press(letter)),
    () => page.keyboard.press("ControlOrMeta+a"),
    () => page.keyboard.press("Delete"),
    ...tools.map((one) => () => tool(one).click()),
    () => asJson.click(),
    () => asForm.click(),
  ];
  for (const act of acts) {
    await act();
    await sleep(pauseMs);
  }
  await sleep(500);
  const { durations, count } = await page.evaluate(() => {
    const { seen, before } = globalThis as unknown as { seen: Map<number, number>; before: number };
    const { interactionCount } = performance as unknown as { interactionCount: number };
    return { durations: [...seen.values()], count: interactionCount - before };
  });
  await page.context().close();
  return [...durations, ...Array.from({ length: Math.max(0, count - durations.length) }, () => thresholdMs)];
}
