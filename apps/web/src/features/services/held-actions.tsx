"use client";

import { vendorNames } from "@smarteros/connectors/vendors";
import type { Service } from "@smarteros/tools-fastapi/provisioning-log";
import { useTranslations } from "next-intl";
import styles from "../live/provisioning.module.css";

/** The decision about a service: adopt the resource at the vendor, or create a new one. */
export type Decision = "adopt" | "create";

/** The dialog in which a decision about a service is confirmed. */
export type DecisionProps = {
  tenantId: string;
  service: Service;
  onClose(): void;
  onDone(text: string): void;
};

type Props = {
  service: Service;
  /** True where the current user may adopt resources. */
  adopting: boolean;
  /** False for a deleted tenant, which gets no new resource. */
  creating: boolean;
  onDecide(decision: Decision): void;
};

/** Offers what may be done with a service that is held since an upgrade, or whose creation has an unknown outcome. */
export function HeldActions({ service, adopting, creating, onDecide }: Props) {
  const t = useTranslations("provisioning.held");
  const named = { vendor: vendorNames[service.vendor] };
  return (
    <>
      {!adopting && <p className={styles.dim}>{t("adoptNeedsAdmin")}</p>}
      <div className={styles.actions}>
        {adopting && (
          <button
            className="plain"
            type="button"
            aria-label={t("adoptVendor", named)}
            onClick={() => onDecide("adopt")}
          >
            {t("adopt")}
          </button>
        )}
        {creating && (
          <button
            className="plain"
            type="button"
            aria-label={t("createVendor", named)}
            onClick={() => onDecide("create")}
          >
            {t("create")}
          </button>
        )}
      </div>
    </>
  );
}
