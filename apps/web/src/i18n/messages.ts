import alertsEn from "../features/alerts/messages.en.json" with { type: "json" };
import alertsEs from "../features/alerts/messages.es-CL.json" with { type: "json" };
import analyticsEn from "../features/analytics/messages.en.json" with { type: "json" };
import analyticsEs from "../features/analytics/messages.es-CL.json" with { type: "json" };
import argumentsEn from "../features/arguments/messages.en.json" with { type: "json" };
import argumentsEs from "../features/arguments/messages.es-CL.json" with { type: "json" };
import auditEn from "../features/audit/messages.en.json" with { type: "json" };
import auditEs from "../features/audit/messages.es-CL.json" with { type: "json" };
import callsEn from "../features/calls/messages.en.json" with { type: "json" };
import callsEs from "../features/calls/messages.es-CL.json" with { type: "json" };
import consoleEn from "../features/console/messages.en.json" with { type: "json" };
import consoleEs from "../features/console/messages.es-CL.json" with { type: "json" };
import healthPageEn from "../features/health-page/messages.en.json" with { type: "json" };
import healthPageEs from "../features/health-page/messages.es-CL.json" with { type: "json" };
import provisioningEn from "../features/provisioning/messages.en.json" with { type: "json" };
import provisioningEs from "../features/provisioning/messages.es-CL.json" with { type: "json" };
import resultEn from "../features/result/messages.en.json" with { type: "json" };
import resultEs from "../features/result/messages.es-CL.json" with { type: "json" };
import shellEn from "../features/shell/messages.en.json" with { type: "json" };
import shellEs from "../features/shell/messages.es-CL.json" with { type: "json" };
import tenantsEn from "../features/tenants/messages.en.json" with { type: "json" };
import tenantsEs from "../features/tenants/messages.es-CL.json" with { type: "json" };
import upgradeEn from "../features/upgrade/messages.en.json" with { type: "json" };
import upgradeEs from "../features/upgrade/messages.es-CL.json" with { type: "json" };
import type { Locale } from "./locales.ts";

// Every feature keeps its own words beside it; a test holds the two languages to the same keys.
const spanish = {
  analytics: analyticsEs,
  alerts: alertsEs,
  arguments: argumentsEs,
  audit: auditEs,
  calls: callsEs,
  console: consoleEs,
  healthPage: healthPageEs,
  provisioning: provisioningEs,
  result: resultEs,
  shell: shellEs,
  tenants: tenantsEs,
  upgrade: upgradeEs,
};
const english: Messages = {
  analytics: analyticsEn,
  alerts: alertsEn,
  arguments: argumentsEn,
  audit: auditEn,
  calls: callsEn,
  console: consoleEn,
  healthPage: healthPageEn,
  provisioning: provisioningEn,
  result: resultEn,
  shell: shellEn,
  tenants: tenantsEn,
  upgrade: upgradeEn,
};

export type Messages = typeof spanish;

/** Every word of the console in one language. */
export function messagesIn(locale: Locale): Messages {
  return locale === "en" ? english : spanish;
}
