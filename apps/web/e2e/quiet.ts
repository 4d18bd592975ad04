import { test as base, expect, type Page } from "@playwright/test";
import { backedUrl, disabledUrl } from "./user.ts";

/**
 * The `test` of all browser tests: fails where the page logs an error, throws, breaks its own content security policy,
 * or asks anything of another machine. `tolerated` matches what a test brings about on purpose.
 */
export const test = base.extend<{ tolerated: RegExp | undefined; quiet: undefined }>({
  tolerated: [undefined, { option: true }],
  /** Whose `goto` and `reload` wait for React to have taken the page over: a key pressed before is heard by nobody. */
  page: async ({ page, javaScriptEnabled }, use) => {
    if (javaScriptEnabled !== false) {
      const goto = page.goto.bind(page);
      const reload = page.reload.bind(page);
      page.goto = (...words) => goto(...words).then(whenHydrated(page));
      page.reload = (...words) => reload(...words).then(whenHydrated(page));
    }
    await use(page);
  },
  quiet: [
    async ({ context, baseURL, tolerated }, use) => {
      const heard: string[] = [];
      context.on("console", (message) => {
        if (message.type() === "error" || /content security policy/i.test(message.text()))
          heard.push(message.text());
      });
      context.on("weberror", (error) => heard.push(error.error().message));
      context.on("request", (request) => {
        const url = new URL(request.url());
        const ours = [baseURL, backedUrl, disabledUrl].includes(url.origin);
        if (/^(?:https?|wss?):$/.test(url.protocol) && !ours) heard.push(`asked ${request.url()}`);
      });
      await use(undefined);
      expect(heard.filter((line) => !tolerated?.test(line))).toEqual([]);
    },
    { auto: true },
  ],
});
export { expect };

/** Until all that can be used has its React fiber, and the effects of that render have run. */
function whenHydrated(page: Page) {
  return async <T>(value: T): Promise<T> => {
    await expect
      .poll(
        () =>
          page.evaluate(async () => {
            await new Promise((resolve) => setTimeout(resolve));
            return [...document.querySelectorAll("a, button, input, select, textarea")]
              .filter((one) => !Object.keys(one).some((key) => key.startsWith("__reactFiber$")))
              .map(({ outerHTML }) => outerHTML.slice(0, 200));
          }),
        { intervals: [50] },
      )
      .toEqual([]);
    return value;
  };
}
