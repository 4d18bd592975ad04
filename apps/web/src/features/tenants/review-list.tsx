import page from "@smarteros/ui/page.module.css";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { Disabled } from "../../components/disabled.tsx";
import { ListFailure } from "../../components/list-failure.tsx";
import { Pager } from "../../components/pager.tsx";
import { addressWith, firstOf, type SearchParams } from "../../components/search-params.ts";
import { requireSession } from "../../session/current-session.ts";
import { RenderedFor } from "../../session/current-user.tsx";
import { writingOf } from "../../session/write-permission.ts";
import { tenantsPage } from "./filters.ts";
import { readReview } from "./read-review.ts";
import { ReviewRow } from "./review-row.tsx";
import styles from "./tenants.module.css";

const address = `${tenantsPage}/review`;

/** The rows of an upgrade that break a rule, with what is wrong with each and a form to correct it. */
export async function ReviewList({ searchParams }: { searchParams: SearchParams }) {
  const [session, t, paging] = await Promise.all([
    requireSession(),
    getTranslations("tenants"),
    getTranslations("paging"),
  ]);
  const writing = writingOf(session.principal);
  const cursor = firstOf(searchParams, "cursor") || undefined;
  const read = await readReview(session, cursor);
  return (
    <div className="page">
      <RenderedFor userId={session.principal.userId} />
      <p>
        <Link href={tenantsPage}>{t("back")}</Link>
      </p>
      <h1>{t("review.title")}</h1>
      <p>{t("review.lead")}</p>
      {writing === "disabled" && <Disabled />}
      {writing === "not_permitted" && <p className="notice">{t("noPermission")}</p>}
      {!read.ok ? (
        <ListFailure failure={read} start={address} />
      ) : read.value.rows.length === 0 ? (
        <div className={page.empty}>
          <p>{t(cursor ? "review.pastTheEnd" : "review.empty")}</p>
          <Link className="plain" href={cursor ? address : tenantsPage}>
            {cursor ? paging("first") : t("back")}
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
          <Pager
            first={cursor && address}
            next={read.value.nextCursor && addressWith(address, { cursor: read.value.nextCursor })}
          />
        </>
      )}
    </div>
  );
}
