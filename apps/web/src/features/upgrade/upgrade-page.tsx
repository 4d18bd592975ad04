import page from "@smarteros/ui/page.module.css";
import Link from "next/link";
import { getFormatter, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { Disabled } from "../../components/disabled.tsx";
import { LoadFailure } from "../../components/load-failure.tsx";
import { requireSession } from "../../session/current-session.ts";
import { RenderedFor } from "../../session/current-user.tsx";
import { writingOf } from "../../session/write-permission.ts";
import { hasServiceTools } from "../live/has-service-tools.ts";
import { ReviewNotice } from "../tenants/review-notice.tsx";
import { BulkAdoption } from "./bulk-adoption.tsx";
import { HeldTable } from "./held-table.tsx";
import { readUpgrade, type Upgrade } from "./read-upgrade.ts";
import styles from "./upgrade.module.css";

export type SearchParams = Record<string, string | string[] | undefined>;

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
  const cursor = [searchParams.cursor].flat()[0];
  const read = await readUpgrade(session, cursor);
  return (
    <div className={page.wide}>
      <RenderedFor userId={principal.userId} />
      <div className={page.title}>
        <h1>{t("title")}</h1>
      </div>
      {!read.ok ? (
        read.code === "invalid_input" ? (
          <div className={page.problem} role="alert">
            <p>{tenants("broken.address")}</p>
            <Link className="plain" href={address}>
              {tenants("broken.fromStart")}
            </Link>
          </div>
        ) : (
          <LoadFailure code={read.code} requestId={read.requestId} />
        )
      ) : (
        <>
          <Figures figures={read.value.figures} />
          {writing === "disabled" && <Disabled />}
          <ReviewNotice count={read.value.figures.inReview} />
          <Held upgrade={read.value} cursor={cursor}>
            {writing === "possible" && hasServiceTools() && principal.capabilities.has("admin") ? (
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
    </div>
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
  const [t, list] = await Promise.all([getTranslations("upgrade"), getTranslations("tenants.list")]);
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
        {(cursor || nextCursor) && (
          <nav className={page.pages} aria-label={list("pages")}>
            {cursor && (
              <Link className="plain" href={address}>
                {list("first")}
              </Link>
            )}
            {nextCursor && (
              <Link className="plain" href={`${address}?${new URLSearchParams({ cursor: nextCursor })}`}>
                {list("next")}
              </Link>
            )}
          </nav>
        )}
      </section>
      <section aria-labelledby="adopt">
        <h2 id="adopt">{t("bulk.title")}</h2>
        {children}
      </section>
    </>
  );
}
