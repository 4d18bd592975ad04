import page from "@smarteros/ui/page.module.css";
import { RelativeTime } from "@smarteros/ui/relative-time.tsx";
import { useTranslations } from "next-intl";

const silentAfterMs = 15 * 60_000;

/** Shows when the monitor last evaluated the rules, because it cannot report its own silence. */
export function LastPass({ at, now }: { at: string | undefined; now: number }) {
  const t = useTranslations("alerts");
  if (at === undefined)
    return (
      <p className={page.problem} role="alert">
        {t("neverPassed")}
      </p>
    );
  const isSilent = now - Date.parse(at) > silentAfterMs;
  return (
    <p className={isSilent ? page.problem : page.count} role={isSilent ? "alert" : undefined}>
      {t(isSilent ? "silent" : "lastPass")} <RelativeTime at={at} now={now} />
    </p>
  );
}
