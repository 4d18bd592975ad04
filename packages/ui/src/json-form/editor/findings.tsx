"use client";

import { useTranslations } from "next-intl";
import { visibleText } from "../../visible-text.ts";
import type { Finding } from "./diagnostics.ts";
import styles from "./findings.module.css";

const most = 8;

/** Lists the problems of the text below it, for users without a pointer or who cannot see the marks. */
export function Findings({
  findings,
  onChoose,
}: {
  findings: Finding[];
  onChoose: (finding: Finding) => void;
}) {
  const t = useTranslations("jsonForm");
  if (findings.length === 0) return null;
  return (
    <ul className={styles.findings} aria-label={t("problems")}>
      {findings.slice(0, most).map((finding) => (
        <li key={`${finding.path} ${visibleText(finding.message)}`}>
          <button type="button" onClick={() => onChoose(finding)}>
            {t("place", { line: finding.line })}
          </button>{" "}
          {finding.path && <bdi className={styles.path}>{visibleText(finding.path)}</bdi>}{" "}
          <span lang={finding.told === "server" ? "en" : undefined}>{visibleText(finding.message)}</span>
        </li>
      ))}
      {findings.length > most && <li>{t("moreProblems", { count: findings.length - most })}</li>}
    </ul>
  );
}
