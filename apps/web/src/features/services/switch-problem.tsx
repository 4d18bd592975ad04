"use client";

import { useTranslations } from "next-intl";
import { CallProblem } from "../../components/call-problem.tsx";
import { useProblemText } from "../../components/problem-text.ts";
import type { Refusal } from "./use-switches.ts";

/** Shows which switch was refused, and the reason. */
export function SwitchProblem({ refusal, onRetry }: { refusal: Refusal; onRetry(): void }) {
  const t = useTranslations("tenants");
  const problem = useProblemText();
  const { flag, on, outcome } = refusal;
  return (
    <CallProblem outcome={outcome} onRetry={onRetry}>
      {t(on ? "switches.stillOff" : "switches.stillOn", { service: t(`service.${flag}.name`) })}{" "}
      {outcome.code === "conflict" ? t("switches.conflict") : problem(outcome.code)}
    </CallProblem>
  );
}
