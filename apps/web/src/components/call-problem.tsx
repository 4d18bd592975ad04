"use client";

import page from "@smarteros/ui/page.module.css";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import type { CallOutcome } from "../tool-client/call-tool.ts";
import { useSecondsUntil } from "../tool-client/use-seconds-until.ts";
import styles from "./problem.module.css";
import { ProblemDetails } from "./problem-details.tsx";
import { useProblemText } from "./problem-text.ts";

export type FailedCall = Extract<CallOutcome, { ok: false }>;

type Props = {
  outcome: FailedCall;
  /** Words that fit better than those of the code. */
  children?: ReactNode;
  /** Repeats the call with the same arguments. */
  onRetry(): void;
};

/** Explains why a call failed, with the remedy: wait and run it again, open the conflicting tenant, or sign in. */
export function CallProblem({ outcome, children, onRetry }: Props) {
  const t = useTranslations("tenants");
  const problem = useProblemText();
  const { code, requestId, existingId } = outcome;
  const [failedAt] = useState(() => Date.now());
  const seconds = useSecondsUntil(failedAt + (outcome.retryAfterMs ?? 0));
  const final = ["conflict", "invalid_input", "forbidden", "mcp_disabled", "not_found", "unauthorized"];
  return (
    <div className={page.problem}>
      <p role="alert">{children ?? problem(code)}</p>
      <ProblemDetails code={code} requestId={requestId} />
      {existingId && (
        <Link href={`/dashboard/tenants/${encodeURIComponent(existingId)}`}>{t("problem.existing")}</Link>
      )}
      {code === "unauthorized" && <Link href="/sign-in">{t("problem.signIn")}</Link>}
      {!final.includes(code) && (
        <p className={styles.retry}>
          <button
            className="plain"
            type="button"
            aria-disabled={seconds > 0}
            onClick={() => seconds > 0 || onRetry()}
          >
            {t("problem.retry")}
          </button>
          {seconds > 0 && <span>{t("problem.retryIn", { seconds })}</span>}
        </p>
      )}
    </div>
  );
}
