import { retryAfterSeconds } from "@smarteros/core/retry-after";
import english from "../features/shell/messages.en.json" with { type: "json" };
import spanish from "../features/shell/messages.es-CL.json" with { type: "json" };
import type { Locale } from "../i18n/locales.ts";

/** Builds the page for a user who requested too many: it needs no script, no style sheet and no database. */
export function tooManyPages(locale: Locale, resetMs: number): Response {
  const seconds = retryAfterSeconds(resetMs);
  const { title, reason, retry } = (locale === "en" ? english : spanish).tooMany;
  const html = `<!doctype html>
<html lang="${locale}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<h1>${title}</h1>
<p>${reason.replace("{seconds}", String(seconds))}</p>
<p><a href="">${retry}</a></p>
</html>
`;
  return new Response(html, {
    status: 429,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
      "Cache-Control": "no-store",
      "Retry-After": String(seconds),
    },
  });
}
