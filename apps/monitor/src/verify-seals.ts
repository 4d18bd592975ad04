import type { AuditLog, SealFinding } from "./audit-log.ts";

const meanings: Record<string, string> = {
  changed: "a row is not what was sealed",
  added: "there are more rows than were sealed",
  removed: "there are fewer rows than were sealed",
  broken: "the seal itself does not follow from the one before",
  missing: "the hours before it have no seal",
};

/**
 * Verifies every seal. With `head`, a seal hash recorded elsewhere, also checks that this seal still exists, because the
 * chain itself cannot reveal that its end was removed. Resolves to the findings as lines of text.
 */
export async function verifySeals(audit: AuditLog, head?: string): Promise<{ ok: boolean; lines: string[] }> {
  const problems: SealFinding[] = [];
  let isHeadThere = false;
  let seals = 0;
  let last: SealFinding | undefined;
  for (;;) {
    const findings = await audit.verify(last?.hour);
    if (findings.length === 0) break;
    seals += findings.length;
    isHeadThere ||= findings.some(({ hash }) => hash === head);
    problems.push(...findings.filter(({ problem }) => problem !== null));
    last = findings.at(-1);
  }
  const isCut = head !== undefined && !isHeadThere;
  const lines = problems.map(({ hour, problem }) => `${hour}  ${problem}: ${meanings[problem ?? ""]}`);
  if (isCut) lines.push(`${head} is no seal: seals were cut off or made anew`);
  lines.push(
    last
      ? `${seals} hours sealed, the last ${last.hour}, ${problems.length} with problems, head ${last.hash}`
      : "nothing is sealed",
  );
  return { ok: problems.length === 0 && !isCut, lines };
}
