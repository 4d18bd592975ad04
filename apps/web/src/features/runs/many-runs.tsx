"use client";

import { useMounted } from "@mantine/hooks";
import page from "@smarteros/ui/page.module.css";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useState } from "react";
import styles from "../live/provisioning.module.css";
import { type ManyAction, manyOf, type RunFilters } from "./run-filters.ts";

const ManyDialog = dynamic(() => import("./many-dialog.tsx").then((module) => module.ManyDialog), {
  ssr: false,
});

/** Offers to retry or cancel all runs of the filters, of other pages too, where the filters name a vendor, an error or a time. */
export function ManyRuns({ filters }: { filters: RunFilters }) {
  const t = useTranslations("provisioning.many");
  const [asked, setAsked] = useState<ManyAction>();
  const ready = useMounted();
  const actions = manyOf(filters);
  if (actions === undefined) return null;
  if (actions === "narrower") return <p className={page.count}>{t("narrower")}</p>;
  return (
    <div className={styles.many}>
      {actions.map((action) => (
        <button
          key={action}
          className="plain"
          type="button"
          disabled={!ready}
          onClick={() => setAsked(action)}
        >
          {t(`${action}.open`)}
        </button>
      ))}
      {asked && <ManyDialog action={asked} filters={filters} onClose={() => setAsked(undefined)} />}
    </div>
  );
}
