"use client";

import { TextInput } from "@mantine/core";
import { formatRut } from "@smarteros/tools-tenants/rut";
import { useTranslations } from "next-intl";
import { type ReactNode, type RefObject, useState } from "react";
import { confirms } from "./confirmation.ts";
import { Name } from "./name.tsx";
import styles from "./tenants.module.css";

type Props = {
  dialog: RefObject<HTMLDialogElement | null>;
  /** `rut` in stored form. */
  tenant: { rut: string; name: string };
  working: boolean;
  onConfirm(): void;
  /** What went wrong, where something did. */
  children: ReactNode;
};

/** Asks whether a tenant is to be deleted: names it, says what will happen, and has its RUT or name typed. */
export function DeleteDialog({ dialog, tenant, working, onConfirm, children }: Props) {
  const t = useTranslations("tenants.lifecycle");
  const [typed, setTyped] = useState("");
  const [mismatch, setMismatch] = useState(false);
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-labelledby="delete-question"
      onClose={() => {
        setTyped("");
        setMismatch(false);
      }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!confirms(typed, tenant)) {
            setMismatch(true);
            event.currentTarget.querySelector("input")?.focus();
          } else onConfirm();
        }}
      >
        <h2 id="delete-question">{t("question")}</h2>
        <p>
          <strong>
            <Name>{tenant.name}</Name>
          </strong>
          <br />
          RUT {formatRut(tenant.rut)}
        </p>
        <ul>
          <li>{t("consequences.hidden")}</li>
          <li>{t("consequences.restorable")}</li>
          <li>{t("consequences.services")}</li>
        </ul>
        <TextInput
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
          <button className="plain" type="button" onClick={() => dialog.current?.close()}>
            {t("cancel")}
          </button>
        </div>
      </form>
    </dialog>
  );
}
