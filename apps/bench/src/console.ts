import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";
import { atMost, capMs, faster, inspector } from "./console/goals.ts";
import { initialScript } from "./console/initial-script.ts";
import { startInspector } from "./console/inspector.ts";
import { interactions } from "./console/interactions.ts";
import { startOurs } from "./console/ours.ts";
import { painted } from "./console/painted.ts";
import { results } from "./console/results.ts";
import type { Subject } from "./console/subject.ts";
import { type Comparison, compare, interleaved } from "./measure.ts";
import { type Size, sized } from "./size.ts";

// Debian's Chromium if installed, otherwise the one of `playwright install chromium`.
const debian = "/usr/bin/chromium";
/** Compares the web console with the MCP Inspector's, both in one headless Chromium. */
export async function consoles(size: Size): Promise<Comparison[]> {
  const browser = await chromium.launch({
    ...(existsSync(debian) ? { executablePath: debian } : {}),
    args: [
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
  const started: Subject[] = [];
  try {
    const ours = await startOurs(browser);
    started.push(ours);
    const theirs = await startInspector(browser);
    started.push(theirs);
    return [
      await script(ours, theirs),
      ...(await firstCall(ours, theirs, size)),
      ...(await amongAHundred(ours, theirs, size)),
      ...(await results(ours, theirs, size)),
    ];
  } finally {
    await browser.close();
    await Promise.all(started.map((subject) => subject.stop()));
  }
}

async function script(ours: Subject, theirs: Subject) {
  const figures = [await initialScript(ours), await initialScript(theirs)] as const;
  return compare("console: initial JavaScript", "kB gzip", figures, inspector, atMost(250));
}

async function firstCall(ours: Subject, theirs: Subject, size: Size) {
  const clicks = [0, 0] as [number, number];
  const scripted = (subject: Subject, side: 0 | 1) => async () => {
    const page = await subject.visitor();
    await subject.firstScreen(page);
    const way = subject.firstCall(page);
    const last = way.pop();
    if (!last) throw new Error("a call takes a click");
    clicks[side] = way.length + 1;
    const from = performance.now();
    for (const step of way) await step.click();
    if (!(await painted(page, last, subject.result, capMs))) throw new Error("the first call showed nothing");
    const took = performance.now() - from;
    await page.context().close();
    return took;
  };
  const times = await interleaved(sized(size, 3, 1), scripted(ours, 0), scripted(theirs, 1));
  return [
    compare("console: to the first result of a call", "clicks", clicks, inspector, atMost(2)),
    compare("console: to the first result of a call, scripted", "ms", times, inspector, faster),
  ];
}

async function amongAHundred(ours: Subject, theirs: Subject, size: Size) {
  const durations: [number[], number[]] = [[], []];
  for (let round = 0; round < sized(size, 3, 1); round++) {
    durations[0].push(...(await interactions(ours)));
    durations[1].push(...(await interactions(theirs)));
  }
  const quantile = (share: number) =>
    durations.map(
      (all) => all.toSorted((a, b) => a - b)[Math.ceil(all.length * share) - 1] ?? Number.NaN,
    ) as [number, number];
  return [
    compare(
      "console: interaction to next paint with 100 tools, p98",
      "ms",
      quantile(0.98),
      inspector,
      atMost(100),
    ),
    compare(
      "console: interaction to next paint with 100 tools, worst",
      "ms",
      quantile(1),
      inspector,
      atMost(100),
    ),
  ];
}
