"use client";

import { TextInput } from "@mantine/core";
import { formatRut } from "@smarteros/tools-tenants/rut";
import { CloseDialog } from "@smarteros/ui/close-dialog.tsx";
import { Name } from "@smarteros/ui/name.tsx";
import page from "@smarteros/ui/page.module.css";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { confirms } from "./confirmation.ts";

type Props = {
  /** `rut` in stored form. */
  tenant: { rut: string; name: string };
  /** Label of the button that runs the action. */
  action: string;
  working: boolean;
  /** False where there is nothing to do. */
  possible?: boolean;
  onConfirm(): void;
  /** The consequences of the action. */
  children: ReactNode;
  /** The problem of the last attempt, if it failed. */
  problem: ReactNode;
};

/** Shows a dialog that names a tenant and the consequences, and enables the action once its RUT or name was typed. */
export function ConfirmByTyping(props: Props) {
  const { tenant, action, working, possible = true, onConfirm, children, problem } = props;
  const t = useTranslations("tenants.lifecycle");
  const [typed, setTyped] = useState("");
  const [mismatch, setMismatch] = useState(false);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!possible) return;
        if (confirms(typed, tenant)) return onConfirm();
        setMismatch(true);
        event.currentTarget.querySelector<HTMLElement>("[name=confirmation]")?.focus();
      }}
    >
      <p>
        <strong>
          <Name>{tenant.name}</Name>
        </strong>
        <br />
        RUT {formatRut(tenant.rut)}
      </p>
      {children}
      <TextInput
        data-autofocus
        name="confirmation"
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
      {problem}
      <div className={page.actions}>
        <button className={`plain ${page.danger}`} type="submit" aria-disabled={working || !possible}>
          {working ? t("working") : action}
        </button>
        <CloseDialog>{t("cancel")}</CloseDialog>
      </div>
    </form>
  );
}
