"use client";

import { Button } from "@mantine/core";
import type { RecentInvocation } from "@smarteros/observability";
import { LazyResultView } from "@smarteros/ui/json-view/lazy-result-view.tsx";
import { Name } from "@smarteros/ui/name.tsx";
import { visibleIndentedJson } from "@smarteros/ui/visible-text.ts";
import { useFormatter, useTranslations } from "next-intl";
import styles from "./console.module.css";

/** A call of the history whole, as it was stored: what was sent and what came back. */
export function PastCall({ call, onClose }: { call: RecentInvocation; onClose: () => void }) {
  const t = useTranslations("console");
  const format = useFormatter();
  return (
    <section className={styles.result} aria-label={t("pastTitle")}>
      <div className={styles.resultHead}>
        <h2>{t("pastTitle")}</h2>
        <Button size="compact-sm" variant="default" onClick={onClose}>
          {t("backToLast")}
        </Button>
      </div>
      <p>
        <code>
          <Name>{call.tool}</Name>
        </code>{" "}
        · {format.dateTime(new Date(call.at), "second")} · {t("milliseconds", { count: call.durationMs })}
        {!call.success && call.code && (
          <>
            {" "}
            · <code>{call.code}</code>
          </>
        )}
        {call.requestId && (
          <>
            {" "}
            · {t("requestId")} <code>{call.requestId}</code>
          </>
        )}
        {call.recordedBy === "self" && <> · {t("past.selfReported")}</>}
      </p>
      {call.redacted && <p className="notice">{t("past.redacted")}</p>}
      <h3>{t("pastArguments")}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={styles.pre} tabIndex={0}>
        {visibleIndentedJson(call.args)}
      </pre>
      <h3>{t("pastResult")}</h3>
      <LazyResultView value={call.result} name={call.tool} copies={[]} />
    </section>
  );
}
