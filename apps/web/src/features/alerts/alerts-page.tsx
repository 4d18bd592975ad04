import { rowOf } from "@smarteros/alerts";
import page from "@smarteros/ui/page.module.css";
import { getTranslations } from "next-intl/server";
import { LoadFailure } from "../../components/load-failure.tsx";
import type { SearchParams } from "../../components/search-params.ts";
import { WidePage } from "../../components/wide-page.tsx";
import { requireSession } from "../../session/current-session.ts";
import { DeliveryList } from "./delivery-list.tsx";
import { IncidentList } from "./incident-list.tsx";
import { LastPass } from "./last-pass.tsx";
import { Notice } from "./notice.tsx";
import { Pages } from "./pages.tsx";
import { readAlertsPage } from "./read-alerts-page.ts";
import { RuleEditor } from "./rule-editor.tsx";
import { RuleList } from "./rule-list.tsx";
import { TargetEditor } from "./target-editor.tsx";
import { TargetList } from "./target-list.tsx";

/**
 * Shows open and past incidents, rules, targets and deliveries to auditors; administrators change rules and targets.
 */
export async function AlertsPage({ searchParams }: { searchParams: SearchParams }) {
  const [{ principal, ...session }, t] = await Promise.all([requireSession(), getTranslations("alerts")]);
  const shown = { userId: principal.userId, title: t("title") };
  if (!principal.capabilities.has("audit"))
    return (
      <WidePage {...shown}>
        <p className={page.problem} role="alert">
          {t("forbidden")}
        </p>
      </WidePage>
    );
  const now = Date.now();
  const history = rowOf("history", searchParams.history);
  const after = rowOf("deliveries", searchParams.deliveries);
  const read = await readAlertsPage({ principal, ...session }, now, { history, deliveries: after });
  if (!read.ok)
    return (
      <WidePage {...shown}>
        <LoadFailure code={read.code} requestId={read.requestId} />
      </WidePage>
    );
  const { lastPass, open, closed, rules, targets, deliveries } = read.value;
  const canChange = principal.capabilities.has("admin");
  return (
    <WidePage {...shown}>
      <p>{t(canChange ? "leadKeeper" : "leadReader")}</p>
      <Notice params={searchParams} />
      <LastPass at={lastPass} now={now} />
      <IncidentList title={t("open")} empty={t("noneOpen")} incidents={open} now={now} />
      <RuleList rules={rules} canChange={canChange} now={now} />
      {canChange && <RuleEditor params={searchParams} rules={rules} targets={targets} />}
      <TargetList targets={targets} canChange={canChange} />
      {canChange && <TargetEditor params={searchParams} />}
      <DeliveryList deliveries={deliveries} isFirst={!after} now={now} />
      <IncidentList
        id="history"
        title={t("history")}
        empty={t("noneClosed")}
        incidents={closed.items}
        now={now}
      >
        <Pages list="history" isFirst={!history} next={closed.next} />
      </IncidentList>
    </WidePage>
  );
}
