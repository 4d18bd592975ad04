import type { Locator, Page } from "@playwright/test";

/** The same window for all subjects. */
export const screen = { locale: "en", viewport: { width: 1440, height: 900 } };

/** A console under test: the clicks of a person, and the selectors of the outcome. */
export type Subject = {
  /** Opens an empty page as a new user. */
  visitor(): Promise<Page>;
  firstScreen(page: Page): Promise<void>;
  /** Returns the clicks from there to the result of a call without arguments. */
  firstCall(page: Page): Locator[];
  /** Opens a page on which one click runs a call that returns `bytes` bytes of JSON. */
  ready(bytes: number): Promise<{ page: Page; run: Locator }>;
  /** The selector of an element of the displayed result. */
  result: string;
  /** Opens a page with the hundred tools of `manyTools`. */
  crowded(): Promise<{
    page: Page;
    search: Locator;
    tool(named: { name: string; alias: string }): Locator;
    /** The control that switches to arguments as JSON, and back to the form. */
    asJson: Locator;
    asForm: Locator;
  }>;
  stop(): Promise<void>;
};
