"use client";

import type { Tenant } from "@smarteros/tools-tenants";
import { formatRut } from "@smarteros/tools-tenants/rut";
import { Name } from "@smarteros/ui/name.tsx";
import { Status } from "@smarteros/ui/status.tsx";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { draftOf, resolutionOf } from "./draft.ts";
import { DraftForm } from "./draft-form.tsx";
import type { RowInReview } from "./review-problem.ts";
import { ReviewProblems } from "./review-problems.tsx";
import { TenantState } from "./tenant-state.tsx";
import styles from "./tenants.module.css";

/** Shows one row in review: its values, its problems, and the form that makes it a tenant. */
export function ReviewRow({ row, writable }: { row: RowInReview; writable: boolean }) {
  const t = useTranslations("tenants.review");
  const list = useTranslations("tenants.list");
  const format = useFormatter();
  const [isOpen, setOpen] = useState(false);
  const [draft, setDraft] = useState(() => draftOf(row));
  const [resolved, setResolved] = useState<Tenant>();
  if (resolved) return <Resolved tenant={resolved} />;
  const title = `in-review-${row.id}`;
  return (
    <li className={styles.reviewRow} aria-labelledby={title}>
      <h2 id={title}>{row.business_name.trim() ? <Name>{row.business_name}</Name> : t("noName")}</h2>
      <p className={styles.facts}>
        <span>RUT {row.rut.trim() ? <Name>{row.rut}</Name> : t("noRut")}</span>
        <span>
          {list("created")}{" "}
          <time dateTime={row.created_at}>{format.dateTime(new Date(row.created_at), "day")}</time>
        </span>
        {!row.active && <TenantState active={false} />}
      </p>
      <ReviewProblems row={row} />
      {writable &&
        (isOpen ? (
          <DraftForm
            draft={draft}
            setDraft={setDraft}
            request={(edited) => ({ name: "tenants.resolve", args: resolutionOf(row.id, edited) })}
            onDone={setResolved}
            submit={t("submit")}
            submitting={t("submitting")}
          >
            <button className="plain" type="button" onClick={() => setOpen(false)}>
              {t("cancel")}
            </button>
          </DraftForm>
        ) : (
          <button className="plain" type="button" aria-describedby={title} onClick={() => setOpen(true)}>
            {t("correct")}
          </button>
        ))}
    </li>
  );
}

/** The tenant that came of a row; what had the focus is gone, so its link takes it. */
function Resolved({ tenant }: { tenant: Tenant }) {
  const t = useTranslations("tenants.review");
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => link.current?.focus(), []);
  return (
    <li className={styles.reviewRow}>
      <p role="status">
        <Status kind="ok">{t("resolved")}</Status>
      </p>
      <p className={styles.facts}>
        <Link ref={link} href={`/dashboard/tenants/${tenant.id}`} prefetch={false}>
          <Name>{tenant.business_name}</Name>
        </Link>
        <span>RUT {formatRut(tenant.rut)}</span>
      </p>
      <p>{t("next")}</p>
    </li>
  );
}
