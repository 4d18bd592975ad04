"use client";

import { TextInput } from "@mantine/core";
import type { Vendor } from "@smarteros/connectors/vendors";
import { formatRut } from "@smarteros/tools-tenants/rut";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Dialog } from "../shell/dialog.tsx";
import { Name } from "../shell/name.tsx";
import { confirms } from "../tenants/confirmation.ts";
import styles from "./provisioning.module.css";
import type { Service } from "./rows.ts";
import { ServiceProblem } from "./service-problem.tsx";
import { useCall } from "./use-call.ts";
import { vendorNames } from "./vendor-names.ts";

type Props = {
  tenant: { id: string; rut: string; name: string };
  services: Service[];
  onClose(): void;
  onDone(): void;
};

/** Asks what of a tenant is to be deleted at its vendors: names each thing, and has the RUT or name typed. */
export function RemoveDialog({ tenant, services, onClose, onDone }: Props) {
  const t = useTranslations("provisioning.remove");
  const { call, working, failed } = useCall();
  const [chosen, setChosen] = useState<Vendor[]>(services.map(({ vendor }) => vendor));
  const [typed, setTyped] = useState("");
  const [mismatch, setMismatch] = useState(false);

  async function remove() {
    if (chosen.length === 0) return;
    if (await call("services.remove", { tenantId: tenant.id, services: chosen })) onDone();
  }

  return (
    <Dialog title={t("question")} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (confirms(typed, tenant)) return void remove();
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
        <p className="notice">{t("irreversible")}</p>
        <fieldset className={styles.choices}>
          <legend>{t("which")}</legend>
          {services.map(({ vendor, external_id: id }) => (
            <label key={vendor}>
              <input
                type="checkbox"
                checked={chosen.includes(vendor)}
                onChange={({ currentTarget: { checked } }) =>
                  setChosen((before) =>
                    checked ? [...before, vendor] : before.filter((one) => one !== vendor),
                  )
                }
              />
              {vendorNames[vendor]}{" "}
              <code>
                <Name>{id ?? ""}</Name>
              </code>
            </label>
          ))}
          {chosen.length === 0 && <p role="alert">{t("none")}</p>}
        </fieldset>
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
        {failed && <ServiceProblem outcome={failed} onRetry={() => void remove()} />}
        <div className={styles.buttons}>
          <button
            className={`plain ${styles.danger}`}
            type="submit"
            aria-disabled={working || chosen.length === 0}
          >
            {t(working ? "working" : "do")}
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
