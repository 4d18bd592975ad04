import { formatRut } from "@smarteros/tools-tenants/rut";
import { Name } from "@smarteros/ui/name.tsx";
import Link from "next/link";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { Disabled } from "../../components/disabled.tsx";
import { LoadFailure } from "../../components/load-failure.tsx";
import { requireSession } from "../../session/current-session.ts";
import { RenderedFor } from "../../session/current-user.tsx";
import { writingOf } from "../../session/write-permission.ts";
import { findSubject } from "../live/find-subject.ts";
import styles from "../live/provisioning.module.css";
import { LiveRun } from "./live-run.tsx";

/** Shows one run with its steps, live. */
export async function RunPage({ id }: { id: string }) {
  const [{ principal }, t, read] = await Promise.all([
    requireSession(),
    getTranslations("provisioning.runs"),
    findSubject("run", id),
  ]);
  if (!read.ok)
    return (
      <div className="page">
        <h1>{t("one")}</h1>
        <LoadFailure code={read.code} requestId={read.requestId} />
      </div>
    );
  const run = read.value?.runs[0];
  if (!run || !read.value) notFound();
  const writing = writingOf(principal);
  return (
    <div className="page">
      <RenderedFor userId={principal.userId} />
      <p>
        <Link href="/dashboard/runs">{t("back")}</Link>
      </p>
      <h1>{t("one")}</h1>
      <p className={styles.of}>
        <Link href={`/dashboard/tenants/${run.tenant_id}`}>
          <Name>{run.tenants.business_name}</Name>
        </Link>{" "}
        · RUT {formatRut(run.tenants.rut)}
      </p>
      {writing === "disabled" && <Disabled />}
      <LiveRun
        id={id}
        initial={read.value}
        viewer={principal.userId}
        written={Date.now()}
        writable={writing === "possible"}
      />
    </div>
  );
}
