import { toolNames } from "@smarteros/mcp";
import { formatRut } from "@smarteros/tools-tenants/rut";
import { cookies } from "next/headers";
import { getTranslations } from "next-intl/server";
import { requireServices } from "../../app-context.ts";
import { Disabled } from "../../components/disabled.tsx";
import { requireSession } from "../../session/current-session.ts";
import { RenderedFor } from "../../session/current-user.tsx";
import { readForPage } from "../../session/read-for-page.ts";
import { Console } from "./console.tsx";
import { lastToolCookie } from "./preferences.ts";

// As many as a person finds again in a select.
const knownTenants = 50;

/** The tool console, with what its user may call and the tenants that quick actions are filled with. */
export async function ConsolePage() {
  const [session, t, jar] = await Promise.all([requireSession(), getTranslations("console"), cookies()]);
  const services = requireServices();
  const { settings, catalog, limiter } = services;
  if (!settings.enabled) {
    return (
      <div className="page">
        <h1>{t("title")}</h1>
        <Disabled />
      </div>
    );
  }
  const { principal } = session;
  const [state, read] = await Promise.all([
    limiter.peek(principal.userId),
    readForPage(principal, (call) =>
      services.forUser(session).ports.tenants.list({ limit: knownTenants, includeInactive: false }, call),
    ),
  ]);
  const names = toolNames(catalog.names(), "alias");
  const tools = catalog.describe(principal).map((tool) => ({ ...tool, alias: names.shown(tool.name) }));
  const last = jar.get(lastToolCookie)?.value;
  return (
    <>
      <RenderedFor userId={principal.userId} />
      <Console
        userId={principal.userId}
        tools={tools}
        tenants={(read.ok ? read.value : []).map(({ id, business_name, rut }) => ({
          id,
          name: business_name,
          rut: formatRut(rut),
        }))}
        limit={{ limit: state.limit, remaining: state.remaining, resetsAt: Date.now() + state.resetMs }}
        lastTool={tools.some(({ name }) => name === last) ? last : undefined}
        tenantsRead={read.ok}
        recorded={settings.logToDatabase}
      />
    </>
  );
}
