import { vendorNames } from "@smarteros/connectors/vendors";
import type { Service, Step } from "@smarteros/tools-fastapi/provisioning-log";
import { Name } from "@smarteros/ui/name.tsx";
import { useTranslations } from "next-intl";
import styles from "./provisioning.module.css";

type Props = Pick<Service | Step, "vendor" | "error_kind" | "error_message" | "remedy">;

/** Shows a failure at a vendor with its remedy and, on click, the original message. */
export function Failure({ vendor, error_kind: kind, error_message: message, remedy }: Props) {
  const t = useTranslations("provisioning");
  if (!kind) return null;
  const named = { vendor: vendorNames[vendor] };
  const known = `remedy.${remedy}` as "remedy.check_service";
  return (
    <div className={styles.failure}>
      <p>
        <strong>{t(`kind.${kind}`, named)}</strong> {remedy && t.has(known) && t(known, named)}
      </p>
      {message && (
        <details className={styles.detail}>
          <summary>{t("detail")}</summary>
          <p lang="en">
            <Name>{message}</Name>
          </p>
          <p>
            <code>{kind}</code>
            {remedy && (
              <>
                {" "}
                · <code>{remedy}</code>
              </>
            )}
          </p>
        </details>
      )}
    </div>
  );
}
