import { visibleText } from "@smarteros/ui/visible-text.ts";
import { useFormatter, useTranslations } from "next-intl";
import styles from "./payload.module.css";

/** Characters that are shown; a page holds fifty payloads. */
const most = 4_000;

/** A recorded value as JSON text, never as anything else. */
export function Payload({ value }: { value: unknown }) {
  const t = useTranslations("tenants.audit");
  const format = useFormatter();
  const text = JSON.stringify(value, null, 2);
  return (
    <>
      <pre className={styles.payload}>{visibleText(text.slice(0, most))}</pre>
      {text.length > most && (
        <p>{t("cut", { shown: format.number(most), total: format.number(text.length) })}</p>
      )}
    </>
  );
}
