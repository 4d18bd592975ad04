"use client";

import { Button } from "@mantine/core";
import { CopyButton } from "@smarteros/ui/copy-button.tsx";
import { LazyResultView } from "@smarteros/ui/json-view/lazy-result-view.tsx";
import { asCurl, asToolsCall } from "@smarteros/ui/json-view/tool-call.ts";
import { Name } from "@smarteros/ui/name.tsx";
import { useShortcuts } from "@smarteros/ui/shortcuts.ts";
import { Status } from "@smarteros/ui/status.tsx";
import { useCopy } from "@smarteros/ui/use-copy.ts";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import type { CallOutcome, Failure } from "../../tool-client/call-tool.ts";
import { useFailureText } from "../../tool-client/failure-text.ts";
import { useSecondsUntil } from "../../tool-client/use-seconds-until.ts";
import styles from "./console.module.css";
import { isOpen, type Run, type RunState } from "./runs.ts";
import { useRuns } from "./runs-provider.tsx";
import type { ConsoleTool } from "./tool.ts";

const kinds = {
  queued: "none",
  running: "running",
  succeeded: "ok",
  failed: "down",
  cancelled: "none",
} as const;

/** The last call of a tool: how it goes or went, and what came back. It never shows another tool's. */
export function ResultPane({ tool }: { tool: ConsoleTool }) {
  const t = useTranslations("console");
  const { runs, cancel } = useRuns();
  const run = runs[tool.name];
  const ui = useTranslations("ui");
  const { copied, copy } = useCopy();
  useShortcuts({
    c: () => {
      const { outcome } = run ?? {};
      if (outcome?.ok) void copy(JSON.stringify(outcome.result, null, 2));
    },
  });
  return (
    <section className={styles.result} aria-label={t("result")}>
      <div className={styles.resultHead}>
        <h2>{t("result")}</h2>
        {run && <RunStatus run={run} />}
        {run && isOpen(run) && (
          <Button
            className={styles.cancelHere}
            size="compact-sm"
            variant="default"
            onClick={() => cancel(run)}
          >
            {t("cancel")}
          </Button>
        )}
        <span role="status">{copied && ui(copied.kind === "copied" ? "copied" : "copyRefused")}</span>
      </div>
      <Announcement run={run} />
      {run ? <Outcome tool={tool} run={run} /> : <p className={styles.empty}>{t("noResult")}</p>}
    </section>
  );
}

function RunStatus({ run }: { run: Run }) {
  const t = useTranslations("console");
  const format = useFormatter();
  const { outcome } = run;
  return (
    <>
      <Status kind={kinds[run.state]}>
        {run.state === "running" && run.startedAt ? (
          <Elapsed since={run.startedAt} />
        ) : (
          t(`state.${run.state}`)
        )}
      </Status>
      {outcome?.durationMs !== undefined && (
        <span className={styles.number}>{t("milliseconds", { count: outcome.durationMs })}</span>
      )}
      {outcome?.ok && (
        <span className={styles.number}>
          {outcome.bytes < 1000
            ? t("bytes", { count: outcome.bytes })
            : t("kilobytes", { count: format.number(outcome.bytes / 1000, { maximumFractionDigits: 1 }) })}
        </span>
      )}
    </>
  );
}

function Elapsed({ since }: { since: number }) {
  const t = useTranslations("console");
  const format = useFormatter();
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 100);
    return () => clearInterval(timer);
  }, []);
  const seconds = format.number((now - since) / 1000, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return <span className={styles.number}>{t("runningFor", { seconds })}</span>;
}

/** Announces the state of the call to a screen reader, once per state. */
function Announcement({ run }: { run: Run | undefined }) {
  const t = useTranslations("console.announce");
  const failure = useFailureText();
  const told: Partial<Record<RunState, string>> = {};
  if (run) {
    told.running = t("running", { tool: run.tool });
    told.succeeded = t("succeeded", { tool: run.tool });
    told.cancelled = t("cancelled", { tool: run.tool });
    if (run.outcome && !run.outcome.ok)
      told.failed = t("failed", { tool: run.tool, reason: failure(run.outcome.code) });
  }
  return (
    <div role="status" className="visually-hidden">
      {run && told[run.state]}
    </div>
  );
}

function Outcome({ tool, run }: { tool: ConsoleTool; run: Run }) {
  const t = useTranslations("console");
  const { outcome } = run;
  if (isOpen(run) || !outcome) return <div className={styles.resultPlace} aria-busy="true" />;
  const copies = [
    {
      id: "curl",
      label: t("copyCurl"),
      text: () => asCurl({ name: tool.name, args: run.args, origin: location.origin }),
    },
    { id: "mcp", label: t("copyToolsCall"), text: () => asToolsCall({ alias: tool.alias, args: run.args }) },
  ];
  return outcome.ok ? (
    <LazyResultView value={outcome.result} name={tool.name} copies={copies} />
  ) : (
    <FailureNotice outcome={outcome} run={run} copies={copies} />
  );
}

type FailureProps = {
  outcome: Failure & CallOutcome;
  run: Run;
  copies: { id: string; label: string; text: () => string }[];
};

function FailureNotice({ outcome, run, copies }: FailureProps) {
  const t = useTranslations("console");
  const failure = useFailureText();
  const { start } = useRuns();
  const { code, message, issues, requestId, retryAfterMs, existingId } = outcome;
  return (
    <div className={styles.failure} data-code={code}>
      <p className={styles.failureTitle}>{failure(code)}</p>
      {message && issues.length === 0 && (
        <p lang="en">
          <Name>{message}</Name>
        </p>
      )}
      {issues.length > 0 && (
        <ul>
          {issues.map(({ path, message: said }) => (
            <li key={`${path} ${said}`}>
              <code>
                <Name>{path || "/"}</Name>
              </code>{" "}
              <span lang="en">
                <Name>{said}</Name>
              </span>
            </li>
          ))}
        </ul>
      )}
      {retryAfterMs !== undefined && (
        <Retry at={(run.endedAt ?? 0) + retryAfterMs} onRetry={() => void start(run.tool, run.args)} />
      )}
      {existingId && (
        <p>
          <Link href={`/dashboard/tenants/${encodeURIComponent(existingId)}`}>{t("openExisting")}</Link>
        </p>
      )}
      {code === "unauthorized" && (
        <p>
          <Link href="/sign-in">{t("signInAgain")}</Link>
        </p>
      )}
      <p>
        <code>{code}</code>
        {requestId && (
          <>
            {" "}
            · {t("requestId")} <code>{requestId}</code>
          </>
        )}
      </p>
      <div className={styles.runButtons}>
        {copies.map(({ id, label, text }) => (
          <CopyButton key={id} size="compact-sm" label={label} text={text} />
        ))}
      </div>
    </div>
  );
}

function Retry({ at, onRetry }: { at: number; onRetry: () => void }) {
  const t = useTranslations("console");
  const seconds = useSecondsUntil(at);
  return (
    <p className={styles.runButtons}>
      <span className={styles.number}>{seconds > 0 ? t("retryIn", { seconds }) : t("retryNow")}</span>
      <Button size="compact-sm" disabled={seconds > 0} onClick={onRetry}>
        {t("runAgain")}
      </Button>
    </p>
  );
}
