import type { TenantInvocation } from "@smarteros/observability";
import { CopyIcon } from "@smarteros/ui/copy-button.tsx";
import { Name } from "@smarteros/ui/name.tsx";
import record from "@smarteros/ui/record.module.css";
import { RelativeTime } from "@smarteros/ui/relative-time.tsx";
import { Status, type StatusKind } from "@smarteros/ui/status.tsx";
import { IconChevronRight } from "@tabler/icons-react";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { Payload } from "../../components/payload.tsx";
import { linkToCall } from "../console/link-to-call.ts";

type Props = { invocation: TenantInvocation; viewer: string; now: number };
type Ending = "succeeded" | "failed" | "cancelled" | "timedOut";

const kinds: Record<Ending, StatusKind> = {
  succeeded: "ok",
  failed: "down",
  cancelled: "none",
  timedOut: "warning",
};

/** One call in a line, which opens to its arguments and its result. */
export function InvocationRow({ invocation, viewer, now }: Props) {
  const t = useTranslations("tenants");
  const format = useFormatter();
  const { at, tool, code, args, result, redacted, requestId, userId, durationMs, recordedBy } = invocation;
  const ending = endingOf(invocation);
  const link = linkToCall(invocation);
  const who = userId === viewer ? t("audit.you") : <Name>{userId}</Name>;
  return (
    <details className={record.row}>
      <summary>
        <IconChevronRight size={16} stroke={1.5} aria-hidden />
        <Status kind={kinds[ending]}>{t(`audit.${ending}`)}</Status>
        <code>
          <Name>{tool}</Name>
        </code>
        {ending !== "succeeded" && code && <code className={record.code}>{code}</code>}
        <RelativeTime at={at} now={now} />
        <span className={record.who}>{who}</span>
        <span className={record.number}>
          {durationMs < 1_000
            ? t("audit.milliseconds", { value: format.number(durationMs) })
            : t("audit.seconds", { value: format.number(durationMs / 1_000, { maximumFractionDigits: 1 }) })}
        </span>
        {redacted && <Status kind="warning">{t("audit.redacted")}</Status>}
        {recordedBy === "self" && <Status kind="none">{t("audit.selfReported")}</Status>}
      </summary>
      <div className={record.opened}>
        <p>
          {t("audit.at")}: <time dateTime={at}>{format.dateTime(new Date(at), "second")}</time> ·{" "}
          {t("audit.who")}:{" "}
          <code>
            <Name>{userId}</Name>
          </code>
          {requestId && (
            <>
              {" "}
              · {t("requestId")}: <code>{requestId}</code>{" "}
              <CopyIcon text={requestId} label={t("detail.copyRequestId")} />
            </>
          )}
        </p>
        <h3>{t("audit.args")}</h3>
        <Payload value={args} />
        <h3>{t("audit.result")}</h3>
        <Payload value={result} />
        {redacted && <p>{t("audit.redactedWhy")}</p>}
        {recordedBy === "self" && <p>{t("audit.selfReportedWhy")}</p>}
        {link && (
          <p>
            <Link href={link} prefetch={false}>
              {t("audit.open")}
            </Link>
          </p>
        )}
      </div>
    </details>
  );
}

function endingOf({ success, code }: TenantInvocation): Ending {
  if (success) return "succeeded";
  if (code === "cancelled") return "cancelled";
  return code === "deadline_exceeded" || code === "upstream_timeout" ? "timedOut" : "failed";
}
