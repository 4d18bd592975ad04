import type { Locator, Page } from "@playwright/test";

/** The same window for everybody. */
export const screen = { locale: "en", viewport: { width: 1440, height: 900 } };

/** A console that is driven: what a person would click in it, and what the outcome looks like. */
export type Subject = {
  /** An empty page of somebody who was never here before. */
  visitor(): Promise<Page>;
  firstScreen(page: Page): Promise<void>;
  /** The clicks from there to the result of a call that needs no arguments. */
  firstCall(page: Page): Locator[];
  /** Opens a page where one click runs a call that answers JSON of so many bytes. */
  ready(bytes: number): Promise<{ page: Page; run: Locator }>;
  /** A selector of what the result's JSON becomes on the page. */
  result: string;
  /** Opens a page with the hundred tools of `manyTools`. */
  crowded(): Promise<{
    page: Page;
    search: Locator;
    tool(named: { name: string; alias: string }): Locator;
    /** Where to click for the arguments as JSON, then for the form again. */
    asJson: Locator;
    asForm: Locator;
  }>;
  stop(): Promise<void>;
};
