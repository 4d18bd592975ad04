"use client";

import page from "@smarteros/ui/page.module.css";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useTransition } from "react";
import { useFailureText } from "../tool-client/failure-text.ts";
import { ProblemDetails } from "./problem-details.tsx";

/** Shows that the data of a page could not be read, the reason, and a button to retry. */
export function LoadFailure({ code, requestId }: { code: string; requestId: string }) {
  const t = useTranslations("tenants");
  const failure = useFailureText();
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  return (
    <div className={page.problem} role="alert" aria-busy={pending}>
      <p>
        <strong>{t("problem.title")}.</strong> {failure(code)}
      </p>
      <ProblemDetails code={code} requestId={requestId} />
      <button
        className="plain"
        type="button"
        aria-disabled={pending}
        onClick={() => pending || startTransition(() => router.refresh())}
      >
        {t("problem.retry")}
      </button>
    </div>
  );
}
