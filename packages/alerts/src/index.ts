export { type Row as AlertRow, rowOf } from "./cursor.ts";
export { advance } from "./engine.ts";
export { type Observations, observations } from "./observations.ts";
export type { AlertReader, Alerts, ShownRule } from "./read-alerts.ts";
export {
  type AlertRule,
  alertRule,
  alertRuleFile,
  builtInRules,
  type Maintenance,
  maintenance,
  mergeRules,
  wantedCounts,
} from "./rule.ts";
export {
  definitionOf,
  type NumberField,
  newRule,
  numberFields,
  ownFields,
  type RuleKind,
  ruleFieldNames,
  ruleKinds,
} from "./rule-fields.ts";
export { type AlertNotification, type AlertState, alertState, noAlertState } from "./state.ts";
