"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { AdoptDialog } from "./adopt-dialog.tsx";
import { CreateNewDialog } from "./create-new-dialog.tsx";
import styles from "./provisioning.module.css";
import type { Service } from "./rows.ts";
import { vendorNames } from "./vendor-names.ts";

type Props = {
  tenantId: string;
  service: Service;
  /** Whether the current user may adopt what the vendor has. */
  adopting: boolean;
  /** Whether a new one may be asked for: not for a deleted tenant. */
  creating: boolean;
  onSaid(text: string): void;
};

/** What may be done with a service that is held since an upgrade: adopt what exists at the vendor, or ask for a new one. */
export function HeldActions({ tenantId, service, adopting, creating, onSaid }: Props) {
  const t = useTranslations("provisioning.held");
  const [dialog, setDialog] = useState<"adopt" | "create">();
  const named = { vendor: vendorNames[service.vendor] };
  const about = {
    tenantId,
    service,
    onClose: () => setDialog(undefined),
    onDone: (text: string) => {
      setDialog(undefined);
      onSaid(text);
    },
  };
  return (
    <>
      {!adopting && <p className={styles.dim}>{t("adoptNeedsAdmin")}</p>}
      <div className={styles.actions}>
        {adopting && (
          <button
            className="plain"
            type="button"
            aria-label={t("adoptVendor", named)}
            onClick={() => setDialog("adopt")}
          >
            {t("adopt")}
          </button>
        )}
        {creating && (
          <button
            className="plain"
            type="button"
            aria-label={t("createVendor", named)}
            onClick={() => setDialog("create")}
          >
            {t("create")}
          </button>
        )}
      </div>
      {dialog === "adopt" && <AdoptDialog {...about} />}
      {dialog === "create" && <CreateNewDialog {...about} />}
    </>
  );
}
