"use client";

import { vendorNames } from "@smarteros/connectors/vendors";
import { CloseDialog } from "@smarteros/ui/close-dialog.tsx";
import { Dialog } from "@smarteros/ui/dialog.tsx";
import page from "@smarteros/ui/page.module.css";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import styles from "../live/provisioning.module.css";
import { ServiceProblem } from "../live/service-problem.tsx";
import { useCall } from "../live/use-call.ts";
import { type ManyAction, type RunFilters, toolFilterOf } from "./run-filters.ts";

type Props = { action: ManyAction; filters: RunFilters; onClose(): void };
/** The result of the tools for many runs: how many changed, and how many that match are left. */
type Changed = { count: number; remaining: number };

/** Runs that one call changes at most. */
const runsPerCall = 100;

/** Counts the runs that match by a dry run, and on confirmation changes all of them, a hundred at a time. */
export function ManyDialog({ action, filters, onClose }: Props) {
  const t = useTranslations("provisioning.many");
  const all = useTranslations("provisioning");
  const { call, working, failed, forget } = useCall();
  // The same time for the count and the change.
  const [filter] = useState(() => toolFilterOf(filters, Date.now()));
  const [left, setLeft] = useState<number>();
  const [done, setDone] = useState<number>();
  const isAsked = useRef(false);
  const isClosed = useRef(false);
  const name = `services.${action}`;

  async function count() {
    const found = await call<Changed>(name, { filter, dryRun: true });
    if (found) setLeft(found.remaining);
  }
  useEffect(() => {
    if (isAsked.current) return;
    isAsked.current = true;
    void count();
  });
  useEffect(() => {
    isClosed.current = false;
    return () => {
      isClosed.current = true;
    };
  }, []);

  /** Changes as many runs as there were, and not those that fail again. */
  async function change(runs: number, before: number) {
    const changed = await call<Changed>(name, { filter });
    if (!changed || isClosed.current) return;
    const after = before + changed.count;
    setDone(after);
    setLeft(changed.remaining);
    if (runs > runsPerCall && changed.count > 0 && changed.remaining > 0)
      await change(runs - runsPerCall, after);
  }
  const confirm = () => !working && left && void change(left, done ?? 0);

  const { vendor, error, since } = filters;
  const isCounted = left !== undefined && done === undefined;
  return (
    <Dialog title={t(`${action}.question`)} onClose={onClose}>
      <div aria-live="polite" aria-busy={working}>
        {left === undefined && working && <p>{t("counting")}</p>}
        {isCounted && <p>{left > 0 ? t(`${action}.found`, { count: left }) : t(`${action}.none`)}</p>}
        {done !== undefined && left !== undefined && (
          <p>
            {t(`${action}.done`, { count: done })} {t("left", { count: left })}
          </p>
        )}
      </div>
      {isCounted && left > 0 && (
        <>
          <ul className={page.consequences}>
            {vendor && <li>{vendorNames[vendor]}</li>}
            {error && (
              <li>{all(`kind.${error}`, { vendor: vendor ? vendorNames[vendor] : all("anyVendor") })}</li>
            )}
            {since && <li>{all(`runs.sinceIs.${since}`)}</li>}
          </ul>
          <p>{t(`${action}.consequence`)}</p>
        </>
      )}
      {failed && (
        <ServiceProblem
          outcome={failed}
          onRetry={() => {
            forget();
            if (left === undefined) void count();
            else confirm();
          }}
        />
      )}
      <div className={styles.buttons}>
        {left !== undefined && left > 0 && (
          <button
            className={action === "cancel" ? `plain ${page.danger}` : "button"}
            type="button"
            aria-disabled={working}
            onClick={confirm}
          >
            {working ? t("working") : t(`${action}.confirm`, { count: left })}
          </button>
        )}
        <CloseDialog first>{t(isCounted && left > 0 ? "back" : "close")}</CloseDialog>
      </div>
    </Dialog>
  );
}
