"use client";

import { TextInput } from "@mantine/core";
import { flagOf, vendorNames } from "@smarteros/connectors/vendors";
import { CloseDialog } from "@smarteros/ui/close-dialog.tsx";
import { Dialog } from "@smarteros/ui/dialog.tsx";
import { useTranslations } from "next-intl";
import { useState } from "react";
import styles from "../live/provisioning.module.css";
import { ServiceProblem } from "../live/service-problem.tsx";
import { useCall } from "../live/use-call.ts";
import type { DecisionProps } from "./held-actions.tsx";

/** Asks for the id of a tenant's resource at a vendor, and adopts it. */
export function AdoptDialog({ tenantId, service: { vendor, external_id }, onClose, onDone }: DecisionProps) {
  const t = useTranslations("provisioning.held");
  const tenants = useTranslations("tenants");
  const { call, working, failed, forget } = useCall();
  const [externalId, setExternalId] = useState(external_id ?? "");
  const [isMissing, setMissing] = useState(false);
  const named = { vendor: vendorNames[vendor] };
  /** An invalid id is reported at the field. */
  const isRefused = failed?.code === "invalid_input";

  async function adopt() {
    if (!externalId.trim()) return setMissing(true);
    const args = { tenantId, service: vendor, externalId: externalId.trim() };
    if (await call("services.adopt", args)) onDone(t("adopted", named));
  }

  return (
    <Dialog title={t("adoptVendor", named)} onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void adopt();
        }}
      >
        <p>{t("adoptLead", named)}</p>
        <TextInput
          data-autofocus
          name="externalId"
          label={t("id", named)}
          description={tenants(`service.${flagOf[vendor]}.idHint`)}
          required
          autoComplete="off"
          spellCheck={false}
          value={externalId}
          error={isMissing ? t("idMissing") : isRefused && t("idRefused", named)}
          onChange={(event) => {
            setExternalId(event.currentTarget.value);
            setMissing(false);
            forget();
          }}
        />
        {failed && !isRefused && <ServiceProblem outcome={failed} onRetry={() => void adopt()} />}
        <div className={styles.buttons}>
          <button className="button" type="submit" aria-disabled={working}>
            {t(working ? "working" : "adoptDo")}
          </button>
          <CloseDialog>{t("cancel")}</CloseDialog>
        </div>
      </form>
    </Dialog>
  );
}
