"use client";

import type { Service } from "@smarteros/tools-fastapi/provisioning-log";
import page from "@smarteros/ui/page.module.css";
import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import styles from "../live/provisioning.module.css";
import { RemoveDialog } from "./remove-dialog.tsx";

type Props = {
  /** `rut` in stored form. */
  tenant: { id: string; rut: string; name: string };
  services: Service[];
  /** From when it is possible, and whether that is so already. */
  from: string;
  possible: boolean;
};

/** For an administrator: deletes for ever what a deleted tenant has at the vendors. */
export function RemoveServices({ tenant, services, from, possible }: Props) {
  const t = useTranslations("provisioning.remove");
  const format = useFormatter();
  const [asked, setAsked] = useState(false);
  const [said, setSaid] = useState("");
  const removable = services.filter(({ external_id: id }) => id !== null);
  const ready = possible && removable.length > 0;
  return (
    <>
      <p>{t("lead")}</p>
      <p id="removable-from">
        {removable.length === 0
          ? t("nothing")
          : t("from", { date: format.dateTime(new Date(from), "minute") })}
      </p>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      <div className={styles.buttons}>
        <button
          className={`plain ${page.danger}`}
          type="button"
          aria-disabled={!ready}
          aria-describedby="removable-from"
          onClick={() => ready && setAsked(true)}
        >
          {t("open")}
        </button>
      </div>
      {asked && (
        <RemoveDialog
          tenant={tenant}
          services={removable}
          onClose={() => setAsked(false)}
          onDone={() => {
            setAsked(false);
            setSaid(t("done"));
          }}
        />
      )}
    </>
  );
}
