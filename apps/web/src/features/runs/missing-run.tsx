import Link from "next/link";
import { useTranslations } from "next-intl";

/** What is said of a run that is not there, in the same words as of one about someone else's tenant. */
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
