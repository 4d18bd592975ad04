"use client";

import { type Vendor, vendorNames } from "@smarteros/connectors/vendors";
import type { Service } from "@smarteros/tools-fastapi/provisioning-log";
import { Dialog } from "@smarteros/ui/dialog.tsx";
import { Name } from "@smarteros/ui/name.tsx";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmByTyping } from "../../components/confirm-by-typing.tsx";
import styles from "../live/provisioning.module.css";
import { ServiceProblem } from "../live/service-problem.tsx";
import { useCall } from "../live/use-call.ts";

type Props = {
  /** `rut` in stored form. */
  tenant: { id: string; rut: string; name: string };
  services: Service[];
  onClose(): void;
  onDone(): void;
};

/** Asks before a tenant's resources are deleted at the vendors: names each, and has the RUT or name typed. */
export function RemoveDialog({ tenant, services, onClose, onDone }: Props) {
  const t = useTranslations("provisioning.remove");
  const { call, working, failed } = useCall();
  const [chosen, setChosen] = useState<Vendor[]>(services.map(({ vendor }) => vendor));

  async function remove() {
    if (await call("services.remove", { tenantId: tenant.id, services: chosen })) onDone();
  }

  return (
    <Dialog title={t("question")} onClose={onClose}>
      <ConfirmByTyping
        tenant={tenant}
        action={t("do")}
        working={working}
        possible={chosen.length > 0}
        onConfirm={() => void remove()}
        problem={failed && <ServiceProblem outcome={failed} onRetry={() => void remove()} />}
      >
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
              <span>{vendorNames[vendor]}</span>
              <code>
                <Name>{id ?? ""}</Name>
              </code>
            </label>
          ))}
          {chosen.length === 0 && <p role="alert">{t("none")}</p>}
        </fieldset>
      </ConfirmByTyping>
    </Dialog>
  );
}
