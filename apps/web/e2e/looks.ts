import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

type Look = { colorScheme: "light" | "dark"; size: { width: number; height: number } };

const wide = { width: 1440, height: 900 };
const narrow = { width: 390, height: 844 };
// Both themes and both widths, in two of their four combinations: the next subject has the other two.
const pairs: [Look, Look][] = [
  [
    { colorScheme: "light", size: wide },
    { colorScheme: "dark", size: narrow },
  ],
  [
    { colorScheme: "dark", size: wide },
    { colorScheme: "light", size: narrow },
  ],
];
const languages = ["es-CL", "en-GB"] as const;

/** Whether each page is seen in every combination, as `npm run looks` does, each after a visit of its own. */
const isWhole = process.env.LOOKS === "all";

/**
 * The languages in which a subject is seen, by its place among the others. Of four that follow each other every pair of
 * theme, width and language is seen, and each of them in both themes and both widths.
 */
export function languagesOf(subject: number): readonly string[] {
  return isWhole ? languages : languages.filter((_, index) => index === Math.floor(subject / 2) % 2);
}

function looksOf(subject: number): Look[] {
  return isWhole ? pairs.flat() : (pairs[subject % 2] ?? []);
}

/** Visits a page and expects it to be accessible and not to scroll sideways in each of the subject's looks. */
export async function lookAt(page: Page, subject: number, visit: () => Promise<unknown>): Promise<void> {
  for (const [index, look] of looksOf(subject).entries()) {
    await appear(page, look);
    if (index === 0 || isWhole) await visit();
    await expectGood(page, look);
  }
}

/** Expects what is on the page to be accessible and not to scroll sideways in each of the subject's looks. */
export async function lookAgain(page: Page, subject: number): Promise<void> {
  for (const look of looksOf(subject)) {
    await appear(page, look);
    await expectGood(page, look);
  }
}

/** Expects what is on the page to fit into both widths. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  for (const size of [wide, narrow]) {
    await page.setViewportSize(size);
    await expectToFit(page, size.width);
  }
}

async function appear(page: Page, { colorScheme, size }: Look): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.setViewportSize(size);
}

async function expectGood(page: Page, { colorScheme, size: { width } }: Look): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations, `${page.url()}, ${colorScheme}, ${width} wide`).toEqual([]);
  await expectToFit(page, width);
}

async function expectToFit(page: Page, width: number): Promise<void> {
  const needed = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(needed, `width of ${page.url()}`).toBeLessThanOrEqual(width);
}
