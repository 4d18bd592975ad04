import type { Vendor } from "@smarteros/connectors/vendors";
import { useTranslations } from "next-intl";
import { Name } from "../shell/name.tsx";
import styles from "./provisioning.module.css";
import { vendorNames } from "./vendor-names.ts";

/** What else at a vendor carries the tenant's id: told, and left to a person. */
export function Duplicates({ ids, vendor }: { ids: string[]; vendor: Vendor }) {
  const t = useTranslations("provisioning");
  if (ids.length === 0) return null;
  return (
    <div className={styles.note}>
      <p>{t("duplicates", { count: ids.length, vendor: vendorNames[vendor] })}</p>
      <ul>
        {ids.map((id) => (
          <li key={id}>
            <code>
              <Name>{id}</Name>
            </code>
          </li>
        ))}
      </ul>
    </div>
  );
}
