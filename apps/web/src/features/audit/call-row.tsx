import type { RecordedCall } from "@smarteros/observability";
import { CopyIcon } from "@smarteros/ui/copy-button.tsx";
import { Name } from "@smarteros/ui/name.tsx";
import record from "@smarteros/ui/record.module.css";
import { RelativeTime } from "@smarteros/ui/relative-time.tsx";
import { Status, type StatusKind } from "@smarteros/ui/status.tsx";
import { IconChevronRight } from "@tabler/icons-react";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { requireServices } from "../../app-context.ts";
import { Payload } from "../../components/payload.tsx";
import { linkToCall } from "../console/link-to-call.ts";
import styles from "./audit.module.css";
import { type AuditFilters, auditAddress } from "./filters.ts";

type Props = { call: RecordedCall; viewer: string; now: number; isOpen: boolean };

const kinds = { ok: "ok", failed: "down", outcome_unknown: "warning" } satisfies Record<string, StatusKind>;

/** One call in a line, which opens to everything that was recorded of it. */
export function CallRow({ call, viewer, now, isOpen }: Props) {
  const t = useTranslations("audit");
  const format = useFormatter();
  const { at, tool, code, userId, durationMs, calls, redacted, recordedBy } = call;
  const ending = call.success ? "ok" : code === "outcome_unknown" ? "outcome_unknown" : "failed";
  const link = requireServices().catalog.find(tool) && linkToCall(call);
  return (
    <details className={record.row} open={isOpen}>
      <summary>
        <IconChevronRight size={16} stroke={1.5} aria-hidden />
        <Status kind={kinds[ending]}>{t(`statusIs.${ending}`)}</Status>
        <code>
          <Name>{tool}</Name>
        </code>
        {ending === "failed" && code && <code className={record.code}>{code}</code>}
        {calls > 1 && <span>{t("times", { count: format.number(calls) })}</span>}
        <RelativeTime at={at} now={now} />
        <span className={record.who}>{userId === viewer ? t("you") : <Name>{userId}</Name>}</span>
        {durationMs !== null && (
          <span className={record.number}>{t("milliseconds", { value: format.number(durationMs) })}</span>
        )}
        {redacted && <Status kind="warning">{t("redacted")}</Status>}
        {recordedBy === "self" && <Status kind="none">{t("selfReported")}</Status>}
      </summary>
      <div className={record.opened}>
        {ending === "outcome_unknown" && <p>{t("unknownWhy")}</p>}
        <Facts call={call} />
        <h2 className={styles.payloadTitle}>{t("args")}</h2>
        <Payload value={call.args} />
        {ending !== "outcome_unknown" && (
          <>
            <h2 className={styles.payloadTitle}>{t("result")}</h2>
            <Payload value={call.result} />
          </>
        )}
        {redacted && <p>{t("redactedWhy")}</p>}
        {recordedBy === "self" && <p>{t("selfReportedWhy")}</p>}
        {link && (
          <p>
            <Link href={link} prefetch={false}>
              {t("open")}
            </Link>
          </p>
        )}
      </div>
    </details>
  );
}

function Facts({
  call: { id, at, userId, tenantId, requestId, traceId, transport },
}: {
  call: RecordedCall;
}) {
  const t = useTranslations("audit");
  const format = useFormatter();
  return (
    <dl className={record.facts}>
      <Fact name={t("at")}>
        <time dateTime={at}>{format.dateTime(new Date(at), "second")}</time>
      </Fact>
      <Fact name={t("user")}>
        <Filter by={{ user: userId }}>{userId}</Filter>
      </Fact>
      {tenantId && (
        <Fact name={t("tenant")}>
          <Link href={`/dashboard/tenants/${tenantId}`} prefetch={false}>
            {tenantId}
          </Link>
        </Fact>
      )}
      {requestId && (
        <Fact name={t("request")}>
          <Filter by={{ request: requestId }}>{requestId}</Filter>{" "}
          <CopyIcon text={requestId} label={t("copyRequest")} />
        </Fact>
      )}
      {traceId && (
        <Fact name={t("trace")}>
          <code>{traceId}</code>
        </Fact>
      )}
      {transport && (
        <Fact name={t("transport")}>
          <code>{transport}</code>
        </Fact>
      )}
      <Fact name="id">
        <Filter by={{ id }}>{id}</Filter>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Filter({ by, children }: { by: Partial<AuditFilters>; children: string }) {
  return (
    <Link href={auditAddress(by)} prefetch={false}>
      <Name>{children}</Name>
    </Link>
  );
}
