"use client";

import { TextInput } from "@mantine/core";
import { formatRut } from "@smarteros/tools-tenants/rut";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Dialog } from "../shell/dialog.tsx";
import { Name } from "../shell/name.tsx";
import { confirms } from "./confirmation.ts";
import styles from "./tenants.module.css";

type Props = {
  /** `rut` in stored form. */
  tenant: { rut: string; name: string };
  working: boolean;
  /** Told whether the services are to be switched off at their vendors as well. */
  onConfirm(deprovision: boolean): void;
  onClose(): void;
  /** What went wrong, where something did. */
  children: ReactNode;
};

/** Asks whether a tenant is to be deleted: names it, says what will happen, and has its RUT or name typed. */
export function DeleteDialog({ tenant, working, onConfirm, onClose, children }: Props) {
  const t = useTranslations("tenants.lifecycle");
  const [typed, setTyped] = useState("");
  const [mismatch, setMismatch] = useState(false);
  const [deprovision, setDeprovision] = useState(false);
  return (
    <Dialog title={t("question")} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!confirms(typed, tenant)) {
            setMismatch(true);
            event.currentTarget.querySelector("input")?.focus();
          } else onConfirm(deprovision);
        }}
      >
        <p>
          <strong>
            <Name>{tenant.name}</Name>
          </strong>
          <br />
          RUT {formatRut(tenant.rut)}
        </p>
        <ul className={styles.consequences}>
          <li>{t("consequences.hidden")}</li>
          <li>{t("consequences.restorable")}</li>
          <li>{t(deprovision ? "consequences.deprovisioned" : "consequences.services")}</li>
        </ul>
        <label className={styles.checkbox}>
          <input
            type="checkbox"
            checked={deprovision}
            onChange={(event) => setDeprovision(event.currentTarget.checked)}
          />
          {t("deprovision")}
        </label>
        <TextInput
          data-autofocus
          label={t("confirm")}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          error={mismatch && t("mismatch")}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setMismatch(false);
          }}
        />
        {children}
        <div className={styles.actions}>
          <button className={`plain ${styles.danger}`} type="submit" aria-disabled={working}>
            {t(working ? "working" : "remove")}
          </button>
          <button
            className="plain"
            type="button"
            onClick={(event) => event.currentTarget.closest("dialog")?.close()}
          >
            {t("cancel")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
