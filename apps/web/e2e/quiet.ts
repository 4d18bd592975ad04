import { test as base, expect } from "@playwright/test";
import { backedUrl, disabledUrl } from "./user.ts";

/**
 * The `test` of all browser tests: fails where the page logs an error, throws, breaks its own content security policy,
 * or asks anything of another machine. `tolerated` matches what a test brings about on purpose.
 */
export const test = base.extend<{ tolerated: RegExp | undefined; quiet: undefined }>({
  tolerated: [undefined, { option: true }],
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
