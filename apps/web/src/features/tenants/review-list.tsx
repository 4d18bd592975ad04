import page from "@smarteros/ui/page.module.css";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Disabled } from "../../components/disabled.tsx";
import { LoadFailure } from "../../components/load-failure.tsx";
import { requireSession } from "../../session/current-session.ts";
import { RenderedFor } from "../../session/current-user.tsx";
import { writingOf } from "../../session/write-permission.ts";
import type { SearchParams } from "./filters.ts";
import { readReview } from "./read-review.ts";
import { ReviewRow } from "./review-row.tsx";
import styles from "./tenants.module.css";

const address = "/dashboard/tenants/review";

/** The rows of an upgrade that break a rule, with what is wrong with each and a form to correct it. */
export async function ReviewList({ searchParams }: { searchParams: SearchParams }) {
  const [session, t] = await Promise.all([requireSession(), getTranslations("tenants")]);
  const writing = writingOf(session.principal);
  const cursor = [searchParams.cursor].flat()[0];
  const read = await readReview(session, cursor);
  return (
    <div className="page">
      <RenderedFor userId={session.principal.userId} />
      <p>
        <Link href="/dashboard/tenants">{t("back")}</Link>
      </p>
      <h1>{t("review.title")}</h1>
      <p>{t("review.lead")}</p>
      {writing === "disabled" && <Disabled />}
      {writing === "not_permitted" && <p className="notice">{t("noPermission")}</p>}
      {!read.ok ? (
        read.code === "invalid_input" ? (
          <div className={page.problem} role="alert">
            <p>{t("broken.address")}</p>
            <Link className="plain" href={address}>
              {t("broken.fromStart")}
            </Link>
          </div>
        ) : (
          <LoadFailure code={read.code} requestId={read.requestId} />
        )
      ) : read.value.rows.length === 0 ? (
        <div className={page.empty}>
          <p>{t(cursor ? "review.pastTheEnd" : "review.empty")}</p>
          <Link className="plain" href={cursor ? address : "/dashboard/tenants"}>
            {t(cursor ? "list.first" : "back")}
          </Link>
        </div>
      ) : (
        <>
          {writing === "possible" && (
            <noscript>
              <p className="notice">{t("form.needsScript")}</p>
            </noscript>
          )}
          <ul className={styles.review}>
            {read.value.rows.map((row) => (
              <ReviewRow key={row.id} row={row} writable={writing === "possible"} />
            ))}
          </ul>
          {(cursor || read.value.nextCursor) && (
            <nav className={page.pages} aria-label={t("list.pages")}>
              {cursor && (
                <Link className="plain" href={address}>
                  {t("list.first")}
                </Link>
              )}
              {read.value.nextCursor && (
                <Link
                  className="plain"
                  href={`${address}?${new URLSearchParams({ cursor: read.value.nextCursor })}`}
                >
                  {t("list.next")}
                </Link>
              )}
            </nav>
          )}
        </>
      )}
    </div>
  );
}
