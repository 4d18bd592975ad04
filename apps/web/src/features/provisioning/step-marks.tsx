import { useTranslations } from "next-intl";
import { Status } from "../shell/status.tsx";
import styles from "./provisioning.module.css";
import type { Step } from "./rows.ts";
import { stepKinds } from "./state-kinds.ts";
import { vendorNames } from "./vendor-names.ts";

/** How each vendor of a run stands, in little room. */
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
