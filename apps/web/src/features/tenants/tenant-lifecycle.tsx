"use client";

import page from "@smarteros/ui/page.module.css";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState, useTransition } from "react";
import { flushSync } from "react-dom";
import { CallProblem, type FailedCall } from "../../components/call-problem.tsx";
import { useAuthorization } from "../../session/authorization.tsx";
import { callTool } from "../../tool-client/call-tool.ts";
import { DeleteDialog } from "./delete-dialog.tsx";

type Props = { id: string; rut: string; name: string; active: boolean };

/** Deletes a tenant, after asking, and brings it back. */
export function TenantLifecycle({ id, rut, name, active }: Props) {
  const t = useTranslations("tenants.lifecycle");
  const router = useRouter();
  const authorization = useAuthorization();
  const [calling, setCalling] = useState(false);
  const [refreshing, startTransition] = useTransition();
  const [failed, setFailed] = useState<FailedCall>();
  const [said, setSaid] = useState("");
  const [asked, setAsked] = useState(false);
  const [request, setRequest] = useState<{ deprovision?: true }>({});
  const working = calling || refreshing;

  async function call(tool: "tenants.delete" | "tenants.restore", more: { deprovision?: true } = {}) {
    if (working) return;
    setCalling(true);
    setFailed(undefined);
    const outcome = await callTool(authorization, { name: tool, args: { id, ...more } });
    setCalling(false);
    if (!outcome.ok) return setFailed(outcome);
    // What is behind an open dialog takes no focus.
    flushSync(() => setAsked(false));
    setSaid(t(tool === "tenants.delete" ? "removed" : "restored"));
    // The button that was pressed is about to go; the heading stays.
    document.getElementById("tenant")?.focus();
    startTransition(() => router.refresh());
  }

  const problem = failed && (
    <RefusedCall
      outcome={failed}
      onRetry={() => void (active ? call("tenants.delete", request) : call("tenants.restore"))}
    />
  );
  return (
    <>
      <p>{t(active ? "removeLead" : "restoreLead")}</p>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {active ? (
        <>
          <button
            className={`plain ${page.danger}`}
            type="button"
            onClick={() => {
              setFailed(undefined);
              setAsked(true);
            }}
          >
            {t("remove")}
          </button>
          {/* Escape closes the question and cancels nothing: what comes of it is told all the same. */}
          {asked ? (
            <DeleteDialog
              tenant={{ rut, name }}
              working={working}
              onConfirm={(deprovision) => {
                const request = deprovision ? ({ deprovision } as const) : {};
                setRequest(request);
                void call("tenants.delete", request);
              }}
              onClose={() => setAsked(false)}
            >
              {problem}
            </DeleteDialog>
          ) : (
            problem
          )}
        </>
      ) : (
        <>
          <button
            className="button"
            type="button"
            aria-disabled={working}
            onClick={() => void call("tenants.restore")}
          >
            {t(working ? "working" : "restore")}
          </button>
          {problem}
        </>
      )}
    </>
  );
}

/** Explains why a tenant was not deleted or restored. An active twin is named to its owner only. */
function RefusedCall({ outcome, onRetry }: { outcome: FailedCall; onRetry(): void }) {
  const t = useTranslations("tenants.lifecycle");
  if (outcome.code !== "conflict") return <CallProblem outcome={outcome} onRetry={onRetry} />;
  const { existingId, ...rest } = outcome;
  return (
    <CallProblem outcome={rest} onRetry={onRetry}>
      {t(existingId ? "twin" : "twinOfOwner")}{" "}
      {existingId && (
        <Link href={`/dashboard/tenants/${encodeURIComponent(existingId)}`}>{t("seeTwin")}</Link>
      )}
    </CallProblem>
  );
}
