"use client";

import { vendorNames } from "@smarteros/connectors/vendors";
import { CloseDialog } from "@smarteros/ui/close-dialog.tsx";
import { Dialog } from "@smarteros/ui/dialog.tsx";
import { Name } from "@smarteros/ui/name.tsx";
import page from "@smarteros/ui/page.module.css";
import { useTranslations } from "next-intl";
import styles from "../live/provisioning.module.css";
import { ServiceProblem } from "../live/service-problem.tsx";
import { useCall } from "../live/use-call.ts";
import type { DecisionProps } from "./held-actions.tsx";

/** Warns that a new resource may be a second one at the vendor, and requests it. */
export function CreateNewDialog({
  tenantId,
  service: { vendor, external_id, held },
  onClose,
  onDone,
}: DecisionProps) {
  const t = useTranslations("provisioning.held");
  const { call, working, failed } = useCall();
  const named = { vendor: vendorNames[vendor] };

  async function create() {
    const args = { tenantId, services: [vendor], createNew: true };
    if (await call("services.provision", args)) onDone(t("started"));
  }

  return (
    <Dialog title={t("createQuestion", named)} onClose={onClose}>
      <ul className={page.consequences}>
        <li>{t(held ? "notLookedFor" : "lookFirst", named)}</li>
        <li>{t("second", named)}</li>
        {external_id && (
          <li>
            {t("recorded", named)}{" "}
            <code>
              <Name>{external_id}</Name>
            </code>
          </li>
        )}
      </ul>
      {failed && <ServiceProblem outcome={failed} onRetry={() => void create()} />}
      <div className={styles.buttons}>
        <button className="button" type="button" aria-disabled={working} onClick={() => void create()}>
          {t(working ? "working" : "createDo")}
        </button>
        <CloseDialog first>{t("cancel")}</CloseDialog>
      </div>
    </Dialog>
  );
}
