import { vendorNames } from "@smarteros/connectors/vendors";
import type { Step } from "@smarteros/tools-fastapi/provisioning-log";
import { Status } from "@smarteros/ui/status.tsx";
import { useTranslations } from "next-intl";
import styles from "../live/provisioning.module.css";
import { stepKinds } from "../live/state-kinds.ts";

/** Shows the state of each vendor of a run as an icon. */
export function StepMarks({ steps }: { steps: Step[] }) {
  const t = useTranslations("provisioning.step");
  return (
    <span className={styles.marks}>
      {steps.map(({ vendor, state }) => (
        <Status key={vendor} kind={stepKinds[state]}>
          {vendorNames[vendor]}
          <span className="visually-hidden"> {t(state)}</span>
        </Status>
      ))}
    </span>
  );
}
