"use client";

import { Switch } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import { flagOf, type Vendor } from "@smarteros/connectors/vendors";
import type { Service, Snapshot } from "@smarteros/tools-fastapi/provisioning-log";
import { isInUse, isOpen } from "@smarteros/tools-fastapi/provisioning-states";
import page from "@smarteros/ui/page.module.css";
import { useNow } from "@smarteros/ui/use-now.ts";
import { useTranslations } from "next-intl";
import { useState } from "react";
import styles from "../live/provisioning.module.css";
import { Staleness } from "../live/staleness.tsx";
import { hasUndoFailed, isRepairable, needsDecision, unfinished } from "../live/state-kinds.ts";
import { useLive } from "../live/use-live.ts";
import { LatestRuns } from "../runs/latest-runs.tsx";
import { OpenRun } from "../runs/open-run.tsx";
import { AdoptDialog } from "./adopt-dialog.tsx";
import { Checklist } from "./checklist.tsx";
import { Comparison } from "./comparison.tsx";
import { CreateNewDialog } from "./create-new-dialog.tsx";
import { type Decision, HeldActions } from "./held-actions.tsx";
import { ProvisionDialog } from "./provision-dialog.tsx";
import { ServiceActions } from "./service-actions.tsx";
import { ServiceCard } from "./service-card.tsx";
import { ServiceLabel } from "./service-label.tsx";
import { SwitchProblem } from "./switch-problem.tsx";
import { useSwitches } from "./use-switches.ts";

type Props = {
  tenantId: string;
  viewer: string;
  initial: Snapshot;
  /** The time of rendering in milliseconds, with which both sides begin. */
  written: number;
  /** True where the user may act on runs. */
  writable: boolean;
  /** True where the services may be switched and provisioned; false for a deleted tenant. */
  switchable: boolean;
  /** True where the current user may adopt resources. */
  adopting: boolean;
};

const dialogs: Record<Decision, typeof AdoptDialog> = { adopt: AdoptDialog, create: CreateNewDialog };

type Preview = { services: Vendor[]; title: string; repair?: boolean };

/** Shows the five services of a tenant live, with their actions, and the latest runs. */
export function LiveServices({ tenantId, viewer, initial, written, writable, switchable, adopting }: Props) {
  const t = useTranslations("provisioning");
  const tenants = useTranslations("tenants");
  const { snapshot, connection, readAt } = useLive({ kind: "tenant", id: tenantId }, initial, written);
  const { services, runs } = snapshot;
  const [latest] = runs;
  const ready = useMounted();
  const switches = useSwitches(tenantId, services);
  const [preview, setPreview] = useState<Preview>();
  const [decided, setDecided] = useState<{ decision: Decision; service: Service }>();
  const [said, setSaid] = useState("");
  const now = useNow(written, connection === "stale" || services.some(isOpen) || runs.some(isOpen));
  const pending = unfinished(services);
  const DecisionDialog = decided && dialogs[decided.decision];
  const wanted = services.filter((service) => service.wanted && !service.held);

  return (
    <>
      <Staleness connection={connection} readAt={readAt} now={now} />
      {runs.filter(isOpen).map((run) => (
        <OpenRun key={run.id} run={run} viewer={viewer} now={now} writable={writable} />
      ))}
      <fieldset className={styles.cards} disabled={!ready}>
        <legend className="visually-hidden">{tenants("switches.title")}</legend>
        <ul className={styles.services}>
          {services.map((service) => {
            const flag = flagOf[service.vendor];
            return (
              <ServiceCard
                key={service.vendor}
                service={service}
                now={now}
                undoFailed={hasUndoFailed(service, runs)}
                label={
                  switchable ? (
                    <Switch
                      classNames={{ track: page.track ?? "" }}
                      label={tenants(`service.${flag}.name`)}
                      description={tenants(`service.${flag}.what`)}
                      checked={switches.isOn(service.vendor)}
                      aria-busy={switches.isBusy(service.vendor)}
                      onChange={(event) => void switches.change(flag, event.currentTarget.checked)}
                    />
                  ) : (
                    <ServiceLabel service={service} />
                  )
                }
                checklist={
                  isInUse(service) && (
                    <Checklist
                      tenantId={tenantId}
                      service={service}
                      now={written}
                      writable={writable && switchable}
                    />
                  )
                }
                actions={
                  writable &&
                  (needsDecision(service) ? (
                    <HeldActions
                      service={service}
                      adopting={adopting}
                      creating={switchable}
                      onDecide={(decision) => setDecided({ decision, service })}
                    />
                  ) : (
                    <ServiceActions
                      service={service}
                      run={runs.find(({ id }) => id === service.run_id)}
                      onPreview={(title) =>
                        setPreview({ services: [service.vendor], title, repair: isRepairable(service) })
                      }
                      onSaid={setSaid}
                    />
                  ))
                }
              />
            );
          })}
        </ul>
      </fieldset>
      {switches.refusal && (
        <SwitchProblem
          refusal={switches.refusal}
          onRetry={() => switches.refusal && void switches.change(switches.refusal.flag, switches.refusal.on)}
        />
      )}
      {writable && switchable && wanted.length > 0 && (
        <div className={styles.buttons}>
          <button
            className={pending.length > 0 ? "button" : "plain"}
            type="button"
            disabled={!ready}
            onClick={() =>
              setPreview({
                services: (pending.length > 0 ? pending : wanted).map(({ vendor }) => vendor),
                title: t(pending.length > 0 ? "provisionPending" : "preview.open"),
              })
            }
          >
            {pending.length > 0 ? t("provisionPendingCount", { count: pending.length }) : t("preview.open")}
          </button>
        </div>
      )}
      <Comparison tenantId={tenantId} services={services} written={written} writable={writable} />
      <p className="visually-hidden" role="status">
        {switches.said}
      </p>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      <p className="visually-hidden" role="status">
        {latest && t("runs.announce", { state: t(`run.${latest.state}`) })}
      </p>
      {preview && (
        <ProvisionDialog
          tenantId={tenantId}
          services={preview.services}
          title={preview.title}
          repair={preview.repair ?? false}
          onClose={() => setPreview(undefined)}
          onDone={() => {
            setPreview(undefined);
            setSaid(t("preview.done"));
          }}
        />
      )}
      {decided && DecisionDialog && (
        <DecisionDialog
          tenantId={tenantId}
          service={decided.service}
          onClose={() => setDecided(undefined)}
          onDone={(text) => {
            setDecided(undefined);
            setSaid(text);
          }}
        />
      )}
      <LatestRuns tenantId={tenantId} runs={runs} viewer={viewer} now={now} writable={writable} />
    </>
  );
}
