import type { CallQuestion, CallSummary, Figures } from "@smarteros/observability";
import { Name } from "@smarteros/ui/name.tsx";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import type { AuditFilters } from "../audit/filters.ts";
import styles from "./analytics.module.css";
import { auditOf } from "./audit-of.ts";
import { FigureTable } from "./figure-table.tsx";
import { errorRate } from "./timeline.ts";
import { useUnits } from "./units.ts";

type Line = Figures & { key: string; filter: Partial<AuditFilters> };
type Quantile = "p50" | "p95" | "p99";
type Column = "calls" | "errors" | "errorRate" | "limited" | Quantile;

const everything = ["calls", "errorRate", "p50", "p95", "p99", "limited"] as const;

const few = 5;
// With fewer calls than this, one slow or failed call proves little about its tool.
const enough = 20;

/** Figures by tool, the slowest and the most failing first as well, and by user and tenant for who sees everybody's. */
export function Rankings({
  question,
  summary,
  seesAll,
}: {
  question: CallQuestion;
  summary: CallSummary;
  seesAll: boolean;
}) {
  const t = useTranslations("analytics");
  const tools = summary.tools.map((line): Line => ({ ...line, key: line.tool, filter: { tool: line.tool } }));
  const judged = tools.filter(({ calls }) => calls >= enough);
  const slowest = judged.toSorted((a, b) => (b.p95 ?? 0) - (a.p95 ?? 0)).slice(0, few);
  const failing = judged
    .filter(({ errors }) => errors > 0)
    .toSorted((a, b) => errorRate(b) - errorRate(a))
    .slice(0, few);
  const users = summary.users.map((line): Line => ({ ...line, key: line.user, filter: { user: line.user } }));
  const tenants = summary.tenants.map(
    (line): Line => ({ ...line, key: line.tenant, filter: { tenant: line.tenant } }),
  );
  return (
    <>
      <Ranking title={t("byTool")} name={t("tool")} lines={tools} question={question} />
      {tools.length > 1 && (
        <div className={styles.pair}>
          <Ranking
            title={t("slowest")}
            name={t("tool")}
            lines={slowest}
            columns={["calls", "p50", "p95", "p99"]}
            question={question}
          />
          <Ranking
            title={t("failing")}
            name={t("tool")}
            lines={failing}
            columns={["calls", "errors", "errorRate"]}
            question={question}
          />
        </div>
      )}
      {seesAll && <Ranking title={t("byUser")} name={t("user")} lines={users} question={question} />}
      {seesAll && <Ranking title={t("byTenant")} name={t("tenant")} lines={tenants} question={question} />}
    </>
  );
}

function Ranking({
  title,
  name,
  lines,
  columns = everything,
  question,
}: {
  title: string;
  name: string;
  lines: Line[];
  columns?: readonly Column[];
  question: CallQuestion;
}) {
  const t = useTranslations("analytics");
  const format = useFormatter();
  const { milliseconds, percent } = useUnits();
  if (lines.length === 0) return null;
  const cellOf = (line: Line, column: Column) => {
    if (column === "errorRate") return percent(errorRate(line));
    return isQuantile(column) ? milliseconds(line[column]) : format.number(line[column]);
  };
  return (
    <section className={styles.chart} aria-label={title}>
      <h2>{title}</h2>
      <FigureTable
        about={name}
        columns={columns.map((column) => (isQuantile(column) ? column : t(column)))}
        rows={lines.map((line) => ({
          key: line.key,
          head: (
            <Link href={auditOf(question, line.filter)} prefetch={false}>
              <Name>{line.key}</Name>
            </Link>
          ),
          cells: columns.map((column) => cellOf(line, column)),
        }))}
      />
    </section>
  );
}

function isQuantile(column: Column): column is Quantile {
  return column === "p50" || column === "p95" || column === "p99";
}
