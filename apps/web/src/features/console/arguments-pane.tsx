"use client";

import { Button } from "@mantine/core";
import { CopyButton } from "@smarteros/ui/copy-button.tsx";
import { useShortcuts } from "@smarteros/ui/shortcuts.ts";
import { useLazyModule } from "@smarteros/ui/use-lazy-module.ts";
import { visibleText } from "@smarteros/ui/visible-text.ts";
import { IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { Issue } from "../../tool-client/call-tool.ts";
import type { KnownTenant } from "../tool-arguments/known-tenant.ts";
import { ConfirmRun } from "./confirm-run.tsx";
import styles from "./console.module.css";
import { type Draft, emptyDraft } from "./drafts.ts";
import { LimitLine } from "./limit.tsx";
import { isOpen, type Run } from "./runs.ts";
import { useRuns } from "./runs-provider.tsx";
import { fragmentOf } from "./share.ts";
import type { ConsoleTool } from "./tool.ts";
import { useProblems } from "./use-problems.ts";

const loadEditor = () => import("../tool-arguments/tool-arguments-editor.tsx");

// A link may bring thousands of keys, and one of a megabyte.
const maxNames = 12;
const maxNameLength = 60;
const shortened = (name: string) => (name.length > maxNameLength ? `${name.slice(0, maxNameLength)}…` : name);

type Props = {
  tool: ConsoleTool;
  tenants: KnownTenant[];
  draft: Draft;
  onDraft: (draft: Draft) => void;
  aside: Draft | undefined;
  onAsideDone: () => void;
  /** Called when a call starts. */
  onRun: () => void;
};

/** The arguments of a tool, and everything that runs it. */
export function ArgumentsPane({ tool, tenants, draft, onDraft, aside, onAsideDone, onRun }: Props) {
  const t = useTranslations("console");
  const words = useTranslations("jsonForm");
  const { runs, start, cancel } = useRuns();
  const run = runs[tool.name];
  const open = run !== undefined && isOpen(run);
  const { code, failed } = useLazyModule(loadEditor);
  const [tried, setTried] = useState(false);
  const [asked, setAsked] = useState<{ args: unknown }>();
  const { args, problems } = useProblems(tool.inputSchema, draft.text);
  // The editor shows each issue until the value at its place changes.
  const [answered, setAnswered] = useState(() => ({ run, issues: issuesOf(run, args) }));
  if (answered.run !== run) setAnswered({ run, issues: issuesOf(run, args) });

  function send(checked: unknown) {
    setAsked(undefined);
    onRun();
    void start(tool.name, checked);
  }

  function attempt({ anyway = false } = {}) {
    setTried(true);
    if (open || args === undefined || (problems.length > 0 && !anyway)) return;
    if (tool.annotations.destructiveHint) return setAsked({ args: args.value });
    send(args.value);
  }

  useShortcuts({
    "mod+Enter": () => attempt(),
    "mod+j": () => onDraft({ ...draft, view: draft.view === "form" ? "json" : "form" }),
    r: () => attempt(),
  });

  const list = (code: "missing" | "wrong") => {
    const names = problems
      .filter((problem) => (problem.code === "required") === (code === "missing"))
      .map(({ path }) => path || "/");
    const distinct = [...new Set(names)];
    if (distinct.length === 0) return false;
    const shown = distinct.slice(0, maxNames).map((name) => visibleText(shortened(name)));
    const more = distinct.length - shown.length;
    return t(code, { names: shown.join(", "), more });
  };

  return (
    <div className={styles.arguments}>
      {aside && (
        <p className="notice">
          {t("replaced")}{" "}
          <button
            type="button"
            className={styles.link}
            onClick={() => {
              onDraft(aside);
              onAsideDone();
            }}
          >
            {t("keepMine")}
          </button>
        </p>
      )}
      {code ? (
        <code.ToolArgumentsEditor
          schema={tool.inputSchema}
          text={draft.text}
          onChange={(text) => onDraft({ text, view: draft.view })}
          view={draft.view}
          onViewChange={(view) => onDraft({ ...draft, view })}
          issues={answered.issues}
          tenants={tenants}
          tried={tried}
          onRun={() => attempt()}
        />
      ) : (
        <div className={styles.editorPlace}>{failed && <p className="notice">{words("failed")}</p>}</div>
      )}
      <div className={styles.runBar}>
        <div className={styles.problems} role="status">
          {args === undefined && <p>{t("notJson")}</p>}
          {args !== undefined && <p>{list("missing")}</p>}
          {args !== undefined && tried && <p>{list("wrong")}</p>}
        </div>
        <div className={styles.runButtons}>
          <Button
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            rightSection={<kbd aria-hidden>Ctrl ↵</kbd>}
            // Until there is an editor nothing here listens: a click on what the server wrote would be lost.
            disabled={!code && !failed}
            aria-disabled={open}
            data-disabled={open || undefined}
            // The second click of a double click runs nothing: a fast call has ended by then.
            onClick={(event) => event.detail < 2 && attempt()}
          >
            {t("run")}
          </Button>
          {/* In the place of the rest, so that a short call moves nothing. */}
          {open ? (
            <Button
              variant="default"
              leftSection={<IconPlayerStop size={16} aria-hidden />}
              onClick={() => cancel(run)}
            >
              {t("cancel")}
            </Button>
          ) : (
            <>
              {tried && args !== undefined && problems.length > 0 && (
                <Button variant="default" onClick={() => attempt({ anyway: true })}>
                  {t("runAnyway")}
                </Button>
              )}
              <CopyButton
                label={t("share")}
                done={t("shared")}
                text={() => `${location.origin}${location.pathname}${fragmentOf(tool.name, draft.text)}`}
              />
              <Button variant="subtle" onClick={() => onDraft({ ...emptyDraft, view: draft.view })}>
                {t("reset")}
              </Button>
            </>
          )}
        </div>
        <LimitLine />
      </div>
      {asked && (
        <ConfirmRun
          tool={tool.name}
          args={asked.args}
          tenants={tenants}
          onYes={() => send(asked.args)}
          onNo={() => setAsked(undefined)}
        />
      )}
    </div>
  );
}

/** Returns the server's issues with these very arguments; none where others were sent. */
function issuesOf(run: Run | undefined, args: { value: unknown } | undefined): Issue[] {
  if (!run?.outcome || run.outcome.ok || !args) return [];
  return JSON.stringify(run.args) === JSON.stringify(args.value) ? run.outcome.issues : [];
}
