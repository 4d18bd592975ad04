import { readFileSync } from "node:fs";
import { type AlertRule, alertRuleFile, type Maintenance } from "@smarteros/alerts";

export type RulesFile = { rules: AlertRule[]; maintenance: Maintenance[] };

/** Reads the rules file, or returns its problems field by field, each with the accepted values. */
export function readRulesFile(
  file: string | undefined,
): { ok: true; value: RulesFile } | { ok: false; problems: string[] } {
  if (file === undefined) return { ok: true, value: { rules: [], maintenance: [] } };
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? "it is not JSON" : "it cannot be read";
    return { ok: false, problems: [`ALERT_RULES: ${why}. Name a JSON file such as {"rules": []}.`] };
  }
  const parsed = alertRuleFile.safeParse(content);
  if (parsed.success) return { ok: true, value: parsed.data };
  const problems = parsed.error.issues.map(
    ({ path, message }) => `ALERT_RULES ${path.map(String).join(".") || "file"}: ${message}`,
  );
  return { ok: false, problems };
}
