import { type Vendor, vendorNames } from "@smarteros/connectors/vendors";
import { Name } from "@smarteros/ui/name.tsx";
import { useTranslations } from "next-intl";
import styles from "./provisioning.module.css";

/** Lists further resources at a vendor with the tenant's id. A person has to decide about them. */
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
