import Link from "next/link";
import { useTranslations } from "next-intl";
import type { Writing } from "../../session/write-permission.ts";
import styles from "./tenants.module.css";

/**
 * Links to the form for a new tenant, or explains why there is none. `disabledBy` is the id of the text with the reason.
 */
export function NewTenantLink({ writing, disabledBy }: { writing: Writing; disabledBy: string }) {
  const t = useTranslations("tenants");
  if (writing === "not_permitted") return <p className={styles.reason}>{t("noPermission")}</p>;
  if (writing === "disabled")
    return (
      <button className="plain" type="button" aria-disabled="true" aria-describedby={disabledBy}>
        {t("new")}
      </button>
    );
  return (
    <Link className="button" href="/dashboard/tenants/new">
      {t("new")}
    </Link>
  );
}
