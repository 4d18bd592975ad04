"use client";

import { Textarea } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import page from "@smarteros/ui/page.module.css";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { CallProblem } from "../../components/call-problem.tsx";
import { type Adoption, linesOf, parseLines } from "./adoption-lines.ts";
import { AdoptionResults } from "./adoption-results.tsx";
import styles from "./upgrade.module.css";
import { useAdoptions } from "./use-adoptions.ts";

const maxShownProblems = 5;

/** Adopts several services at once, by lines of tenant, service and id at the vendor; shows how each line ended. */
export function BulkAdoption({ lines, cut }: { lines: string; cut: boolean }) {
  const t = useTranslations("upgrade.bulk");
  const ready = useMounted();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(lines);
  const [isSent, setSent] = useState(false);
  const { adopt, goOn, results, total, isWorking, stopped } = useAdoptions();
  const { adoptions, problems } = parseLines(text);
  const shown = isSent ? problems.slice(0, maxShownProblems) : [];

  function submit() {
    if (isWorking) return;
    setSent(true);
    if (problems.length > 0 || adoptions.length === 0) return field.current?.focus();
    void leaveRest(adopt(adoptions));
  }

  /** Leaves in the field what is still to be adopted. */
  async function leaveRest(work: Promise<Adoption[]>) {
    setText(linesOf(await work));
    setSent(false);
  }

  return (
    <form
      noValidate
      aria-busy={isWorking}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <fieldset className={page.plainFieldset} disabled={!ready}>
        <Textarea
          ref={field}
          classNames={{ input: styles.lines ?? "" }}
          label={t("lines")}
          description={t(cut ? "hintCut" : "hint")}
          rows={8}
          autoComplete="off"
          spellCheck={false}
          wrap="off"
          value={text}
          error={
            shown.length > 0
              ? [
                  ...shown.map(({ line, problem }) => t("at", { line, problem: t(`problem.${problem}`) })),
                  ...(problems.length > shown.length
                    ? [t("moreProblems", { count: problems.length - shown.length })]
                    : []),
                ].join(" ")
              : isSent && adoptions.length === 0 && t("none")
          }
          onChange={(event) => {
            setText(event.currentTarget.value);
            setSent(false);
          }}
        />
        <div className={page.actions}>
          <button className="button" type="submit" aria-disabled={isWorking}>
            {isWorking
              ? t("working", { done: results.length, total })
              : t("submit", { count: adoptions.length })}
          </button>
        </div>
      </fieldset>
      {stopped && (
        <CallProblem outcome={stopped.outcome} onRetry={() => isWorking || void leaveRest(goOn())} />
      )}
      <p className="visually-hidden" role="status">
        {!isWorking && results.length > 0 && t("done", countsOf(results))}
      </p>
      {results.length > 0 && (
        <>
          <p>{t("done", countsOf(results))}</p>
          <AdoptionResults results={results} />
        </>
      )}
    </form>
  );
}

function countsOf(results: { ok: boolean }[]) {
  const adopted = results.filter(({ ok }) => ok).length;
  return { adopted, refused: results.length - adopted };
}
