import Link from "next/link";
import { useTranslations } from "next-intl";

/** Shows that a run does not exist, in the same text as for a run of another user's tenant. */
export function MissingRun() {
  const t = useTranslations("provisioning.runs");
  return (
    <div className="page">
      <h1>{t("missing")}</h1>
      <p>{t("missingReason")}</p>
      <p>
        <Link href="/dashboard/runs">{t("back")}</Link>
      </p>
    </div>
  );
}
