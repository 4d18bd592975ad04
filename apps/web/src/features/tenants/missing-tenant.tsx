import Link from "next/link";
import { useTranslations } from "next-intl";

/** What is said of a tenant that is not there, in the same words as of someone else's. */
export function MissingTenant() {
  const t = useTranslations("tenants");
  return (
    <div className="page">
      <h1>{t("missing.title")}</h1>
      <p>{t("missing.reason")}</p>
      <p>
        <Link href="/dashboard/tenants">{t("back")}</Link>
      </p>
    </div>
  );
}
