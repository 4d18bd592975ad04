import { readFileSync } from "node:fs";
import path from "node:path";
import { remedies } from "@smarteros/connectors";
import { type ConnectorErrorKind, connectorErrorKinds } from "@smarteros/connectors/errors";
import { vendorNames } from "@smarteros/connectors/vendors";
import { createTranslator } from "next-intl";
import { expect, test } from "vitest";

// Every kind of failure and every remedy of the five vendors, as the console words them.

/** Remedies of workflows, which only n8n has. */
const ofWorkflows = ["switch_on_workflow", "check_webhook", "confirm_run"];
const languages = ["es-CL", "en"] as const;

test.each(languages)(
  "%s: every failure and every remedy is a sentence that names no other vendor and promises no attempt",
  (locale) => {
    const file = path.join(import.meta.dirname, `../src/features/live/messages.${locale}.json`);
    const messages = JSON.parse(readFileSync(file, "utf8"));
    const t = createTranslator({
      locale,
      messages,
      onError: (error) => {
        throw error;
      },
    }) as unknown as (key: string, values: object) => string;
    const all = Object.values(vendorNames).flatMap((vendor) => [
      ...connectorErrorKinds.map((kind: ConnectorErrorKind) => [vendor, kind, t(`kind.${kind}`, { vendor })]),
      ...Object.keys(remedies)
        .filter((remedy) => vendor === "n8n" || !ofWorkflows.includes(remedy))
        .map((remedy) => [vendor, remedy, t(`remedy.${remedy}`, { vendor })]),
    ]);
    for (const [vendor = "", code, text = ""] of all) {
      const other = Object.values(vendorNames).filter((name) => name !== vendor && text.includes(name));
      expect([code, text]).toEqual([code, expect.stringMatching(/^\p{Lu}|^n8n/u)]);
      expect(text).toMatch(/\.$/);
      expect(text).not.toMatch(/[{}]/);
      // What has ended is not tried again by itself.
      expect(text).not.toMatch(/autom[aá]tic|tried by itself|se reintenta|will (?:be )?retr/i);
      expect([code, other]).toEqual([code, []]);
    }
  },
);
