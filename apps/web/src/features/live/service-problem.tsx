"use client";

import { Name } from "@smarteros/ui/name.tsx";
import { useTranslations } from "next-intl";
import { CallProblem, type FailedCall } from "../../components/call-problem.tsx";

/** Why a call about services failed. A conflict is told in the words of the tool, which name what is in the way. */
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
