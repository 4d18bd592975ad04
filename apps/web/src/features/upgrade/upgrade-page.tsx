import page from "@smarteros/ui/page.module.css";
import { getFormatter, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { Disabled } from "../../components/disabled.tsx";
import { ListFailure } from "../../components/list-failure.tsx";
import { Pager } from "../../components/pager.tsx";
import { addressWith, firstOf, type SearchParams } from "../../components/search-params.ts";
import { WidePage } from "../../components/wide-page.tsx";
import { requireSession } from "../../session/current-session.ts";
import { writingOf } from "../../session/write-permission.ts";
import { ReviewNotice } from "../tenants/review-notice.tsx";
import { BulkAdoption } from "./bulk-adoption.tsx";
import { HeldTable } from "./held-table.tsx";
import { readUpgrade, type Upgrade } from "./read-upgrade.ts";
import styles from "./upgrade.module.css";

const address = "/dashboard/upgrade";
const figureNames = ["tenants", "inReview", "held", "settled"] as const;

/**
 * Shows the open rows of an upgrade from an earlier release: figures, held services, and a form to adopt several
 * together.
 */
export async function UpgradePage({ searchParams }: { searchParams: SearchParams }) {
  const [session, t, tenants] = await Promise.all([
    requireSession(),
    getTranslations("upgrade"),
    getTranslations("tenants"),
  ]);
  const { principal } = session;
  const writing = writingOf(principal);
  const cursor = firstOf(searchParams, "cursor") || undefined;
  const read = await readUpgrade(session, cursor);
  return (
    <WidePage userId={principal.userId} title={t("title")}>
      {!read.ok ? (
        <ListFailure failure={read} start={address} />
      ) : (
        <>
          <Figures figures={read.value.figures} />
          {writing === "disabled" && <Disabled />}
          <ReviewNotice count={read.value.figures.inReview} />
          <Held upgrade={read.value} cursor={cursor}>
            {writing === "possible" && principal.capabilities.has("admin") ? (
              <>
                <p>{t("bulk.lead")}</p>
                <noscript>
                  <p className="notice">{tenants("form.needsScript")}</p>
                </noscript>
                <BulkAdoption {...read.value.recorded} />
              </>
            ) : (
              <p>{t(writing === "not_permitted" ? "noPermission" : "needsAdmin")}</p>
            )}
          </Held>
        </>
      )}
    </WidePage>
  );
}

async function Figures({ figures }: { figures: Upgrade["figures"] }) {
  const [t, format] = await Promise.all([getTranslations("upgrade.figure"), getFormatter()]);
  return (
    <dl className={styles.figures}>
      {figureNames.map((name) => (
        <div key={name} className={styles.figure}>
          <dt>{t(name)}</dt>
          <dd>{format.number(figures[name])}</dd>
        </div>
      ))}
    </dl>
  );
}

type HeldProps = { upgrade: Upgrade; cursor: string | undefined; children: ReactNode };

/** The services that are held, and below them how several are adopted. */
async function Held({ upgrade: { figures, services, nextCursor }, cursor, children }: HeldProps) {
  const t = await getTranslations("upgrade");
  if (figures.held === 0)
    return (
      <div className={page.empty}>
        <p>{t(figures.inReview > 0 ? "nothingHeld" : "empty")}</p>
      </div>
    );
  return (
    <>
      <section aria-labelledby="held">
        <h2 id="held">{t("held")}</h2>
        <p>{t("lead")}</p>
        {services.length > 0 ? (
          <HeldTable services={services} />
        ) : (
          <div className={page.empty}>
            <p>{t("pastTheEnd")}</p>
          </div>
        )}
        <Pager first={cursor && address} next={nextCursor && addressWith(address, { cursor: nextCursor })} />
      </section>
      <section aria-labelledby="adopt">
        <h2 id="adopt">{t("bulk.title")}</h2>
        {children}
      </section>
    </>
  );
}
