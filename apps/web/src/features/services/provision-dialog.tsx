"use client";

import type { Vendor } from "@smarteros/connectors/vendors";
import { CloseDialog } from "@smarteros/ui/close-dialog.tsx";
import { Dialog } from "@smarteros/ui/dialog.tsx";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import styles from "../live/provisioning.module.css";
import { ServiceProblem } from "../live/service-problem.tsx";
import { useCall } from "../live/use-call.ts";
import { changesSomething, isPossible, type Plan, type PlannedStep } from "./plan.ts";
import { PlanList } from "./plan-list.tsx";

type Props = {
  tenantId: string;
  services: Vendor[];
  title: string;
  /** True where drift was seen. It may be gone by now, and provisioning then reports no change. */
  repair: boolean;
  onClose(): void;
  onDone(): void;
};

/** Shows what provisioning would do at each vendor, and runs it on confirmation. */
export function ProvisionDialog({ tenantId, services, title, repair, onClose, onDone }: Props) {
  const t = useTranslations("provisioning.preview");
  const all = useTranslations("provisioning");
  const { call, working, failed, forget } = useCall();
  const [plan, setPlan] = useState<PlannedStep[]>();
  const asked = useRef(false);
  const changing = plan?.filter(repair ? isPossible : changesSomething) ?? [];

  async function look() {
    const answer = await call<Plan>("services.provision", { tenantId, services, dryRun: true });
    if (answer) setPlan(answer.plan);
  }
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    void look();
  });

  async function provision() {
    if (working || changing.length === 0) return;
    const wanted = changing.map(({ service }) => service);
    if (await call("services.provision", { tenantId, services: wanted })) onDone();
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <p>{t("lead")}</p>
      <div aria-busy={!plan && working} aria-live="polite">
        {plan ? <PlanList plan={plan} /> : working && <p>{t("looking")}</p>}
        {plan && changing.length === 0 && <p>{t("nothing")}</p>}
      </div>
      {failed && (
        <ServiceProblem
          outcome={failed}
          onRetry={() => {
            forget();
            void (plan ? provision() : look());
          }}
        />
      )}
      <div className={styles.buttons}>
        {(changing.length > 0 || !plan) && (
          <button
            className="button"
            type="button"
            aria-disabled={working || changing.length === 0}
            onClick={() => void provision()}
          >
            {plan && working
              ? t("working")
              : plan
                ? t("confirm", { count: changing.length })
                : all("provision")}
          </button>
        )}
        <CloseDialog first>{t(plan && changing.length === 0 ? "close" : "cancel")}</CloseDialog>
      </div>
    </Dialog>
  );
}
