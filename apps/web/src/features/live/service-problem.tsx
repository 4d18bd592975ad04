"use client";

import { Name } from "@smarteros/ui/name.tsx";
import { useTranslations } from "next-intl";
import { CallProblem, type FailedCall } from "../../components/call-problem.tsx";

/** Explains why a call about services failed. A conflict is shown in the tool's own text, which names it. */
export function ServiceProblem({ outcome, onRetry }: { outcome: FailedCall; onRetry(): void }) {
  const t = useTranslations("provisioning.problem");
  const known = outcome.code as "conflict";
  if (!t.has(known)) return <CallProblem outcome={outcome} onRetry={onRetry} />;
  return (
    <CallProblem outcome={outcome} onRetry={onRetry}>
      {t(known)}{" "}
      {outcome.message && (
        <span lang="en">
          <Name>{outcome.message}</Name>
        </span>
      )}
    </CallProblem>
  );
}
