"use client";

import { CopyIcon } from "@smarteros/ui/copy-button.tsx";
import { useTranslations } from "next-intl";
import styles from "./problem.module.css";

/** The code of a problem and the id by which support finds it in the log. */
export function ProblemDetails({ code, requestId }: { code: string; requestId?: string | undefined }) {
  const t = useTranslations("tenants");
  return (
    <p className={styles.details}>
      <span>
        {t("code")}: <code>{code}</code>
      </span>
      {requestId && (
        <span>
          {t("requestId")}: <code>{requestId}</code>{" "}
          <CopyIcon text={requestId} label={t("detail.copyRequestId")} />
        </span>
      )}
    </p>
  );
}
