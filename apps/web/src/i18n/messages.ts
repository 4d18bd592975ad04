import jsonFormEn from "@smarteros/ui/json-form/messages.en.json" with { type: "json" };
import jsonFormEs from "@smarteros/ui/json-form/messages.es-CL.json" with { type: "json" };
import jsonViewEn from "@smarteros/ui/json-view/messages.en.json" with { type: "json" };
import jsonViewEs from "@smarteros/ui/json-view/messages.es-CL.json" with { type: "json" };
import uiEn from "@smarteros/ui/messages.en.json" with { type: "json" };
import uiEs from "@smarteros/ui/messages.es-CL.json" with { type: "json" };
import pagingEn from "../components/messages.en.json" with { type: "json" };
import pagingEs from "../components/messages.es-CL.json" with { type: "json" };
import alertsEn from "../features/alerts/messages.en.json" with { type: "json" };
import alertsEs from "../features/alerts/messages.es-CL.json" with { type: "json" };
import analyticsEn from "../features/analytics/messages.en.json" with { type: "json" };
import analyticsEs from "../features/analytics/messages.es-CL.json" with { type: "json" };
import auditEn from "../features/audit/messages.en.json" with { type: "json" };
import auditEs from "../features/audit/messages.es-CL.json" with { type: "json" };
import consoleEn from "../features/console/messages.en.json" with { type: "json" };
import consoleEs from "../features/console/messages.es-CL.json" with { type: "json" };
import healthPageEn from "../features/health-page/messages.en.json" with { type: "json" };
import healthPageEs from "../features/health-page/messages.es-CL.json" with { type: "json" };
import provisioningEn from "../features/live/messages.en.json" with { type: "json" };
import provisioningEs from "../features/live/messages.es-CL.json" with { type: "json" };
import shellEn from "../features/shell/messages.en.json" with { type: "json" };
import shellEs from "../features/shell/messages.es-CL.json" with { type: "json" };
import tenantsEn from "../features/tenants/messages.en.json" with { type: "json" };
import tenantsEs from "../features/tenants/messages.es-CL.json" with { type: "json" };
import toolArgumentsEn from "../features/tool-arguments/messages.en.json" with { type: "json" };
import toolArgumentsEs from "../features/tool-arguments/messages.es-CL.json" with { type: "json" };
import upgradeEn from "../features/upgrade/messages.en.json" with { type: "json" };
import upgradeEs from "../features/upgrade/messages.es-CL.json" with { type: "json" };
import callsEn from "../tool-client/messages.en.json" with { type: "json" };
import callsEs from "../tool-client/messages.es-CL.json" with { type: "json" };
import type { Locale } from "./locales.ts";

// Each feature has its messages beside it; a test compares the keys of both languages.
const spanish = {
  analytics: analyticsEs,
  alerts: alertsEs,
  jsonForm: jsonFormEs,
  audit: auditEs,
  calls: callsEs,
  console: consoleEs,
  healthPage: healthPageEs,
  paging: pagingEs,
  provisioning: provisioningEs,
  jsonView: jsonViewEs,
  shell: shellEs,
  tenants: tenantsEs,
  toolArguments: toolArgumentsEs,
  ui: uiEs,
  upgrade: upgradeEs,
};
const english: Messages = {
  analytics: analyticsEn,
  alerts: alertsEn,
  jsonForm: jsonFormEn,
  audit: auditEn,
  calls: callsEn,
  console: consoleEn,
  healthPage: healthPageEn,
  paging: pagingEn,
  provisioning: provisioningEn,
  jsonView: jsonViewEn,
  shell: shellEn,
  tenants: tenantsEn,
  toolArguments: toolArgumentsEn,
  ui: uiEn,
  upgrade: upgradeEn,
};

export type Messages = typeof spanish;

/** Every word of the console in one language. */
export function messagesIn(locale: Locale): Messages {
  return locale === "en" ? english : spanish;
}
