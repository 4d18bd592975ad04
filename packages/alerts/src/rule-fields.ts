import { type AlertRule, alertRule } from "./rule.ts";

export const ruleKinds = ["errors", "latency", "probe", "provisioning", "audit-drops", "silence"] as const;
export type RuleKind = (typeof ruleKinds)[number];

/** Numbers of a rule's form with the least and the most that each may be. */
export const numberFields = {
  objective: [0.94, 0.9999],
  thresholdMs: [1, 600_000],
  minimumCalls: [1, 1_000_000],
  staleMinutes: [1, 1_440],
  minimumFailures: [1, 10_000],
  afterMinutes: [1, 10_080],
  openAfter: [1, 100],
  closeAfter: [1, 100],
  renotifyMinutes: [0, 10_080],
} as const;
export type NumberField = keyof typeof numberFields;

const textFields = ["id", "kind", "name", "group", "tool", "service", "noData"] as const;

/** The fields of each kind of rule, beside those that every rule has. */
export const ownFields: Record<RuleKind, (NumberField | "tool" | "service")[]> = {
  errors: ["tool", "objective", "minimumCalls"],
  latency: ["tool", "thresholdMs", "objective", "minimumCalls"],
  probe: ["service", "staleMinutes"],
  provisioning: ["minimumFailures"],
  "audit-drops": [],
  silence: ["afterMinutes"],
};

/** Names of every field of a rule's form. */
export const ruleFieldNames: readonly string[] = [
  ...textFields,
  ...Object.keys(numberFields),
  "enabled",
  "targets",
];

/** A rule as a form sent it: what was left empty is left out, so that its default holds. */
export function definitionOf(form: URLSearchParams): Record<string, unknown> {
  const texts = textFields.map((name) => [name, form.get(name)?.trim()] as const);
  const numbers = Object.keys(numberFields).map((name) => [name, numberOf(form.get(name))] as const);
  const targets = form.getAll("targets");
  const given = [...texts, ...numbers].filter(([, value]) => value !== undefined && value !== "");
  return {
    ...Object.fromEntries(given),
    enabled: form.get("enabled") === "on",
    ...(targets.length > 0 ? { targets } : {}),
  };
}

/** A new rule of a kind with its defaults, as a form begins with. */
export function newRule(kind: RuleKind): AlertRule {
  return { ...alertRule.parse({ kind, id: "new" }), id: "" };
}

// Text that is no number is passed on, and validation refuses it with the name of its field.
function numberOf(text: string | null): number | string | undefined {
  const trimmed = text?.trim();
  if (!trimmed) return undefined;
  return Number.isNaN(Number(trimmed)) ? trimmed : Number(trimmed);
}
