"use client";

import { Dialog } from "@smarteros/ui/dialog.tsx";
import page from "@smarteros/ui/page.module.css";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { ConfirmByTyping } from "../../components/confirm-by-typing.tsx";

type Props = {
  /** `rut` in stored form. */
  tenant: { rut: string; name: string };
  working: boolean;
  /** Receives whether the services are to be switched off at their vendors as well. */
  onConfirm(deprovision: boolean): void;
  onClose(): void;
  /** The problem of the last attempt, if it failed. */
  children: ReactNode;
};

/** Asks before a tenant is deleted: names it, shows the consequences, and has its RUT or name typed. */
export function DeleteDialog({ tenant, working, onConfirm, onClose, children }: Props) {
  const t = useTranslations("tenants.lifecycle");
  const [deprovision, setDeprovision] = useState(false);
  return (
    <Dialog title={t("question")} onClose={onClose}>
      <ConfirmByTyping
        tenant={tenant}
        action={t("remove")}
        working={working}
        onConfirm={() => onConfirm(deprovision)}
        problem={children}
      >
        <ul className={page.consequences}>
          <li>{t("consequences.hidden")}</li>
          <li>{t("consequences.restorable")}</li>
          <li>{t(deprovision ? "consequences.deprovisioned" : "consequences.services")}</li>
        </ul>
        <label className={page.checkbox}>
          <input
            type="checkbox"
            checked={deprovision}
            onChange={(event) => setDeprovision(event.currentTarget.checked)}
          />
          {t("deprovision")}
        </label>
      </ConfirmByTyping>
    </Dialog>
  );
}
