"use client";

import type { InputIssue } from "@smarteros/core";
import { useTranslations } from "next-intl";
import { Activity, type KeyboardEvent, useId, useMemo, useState } from "react";
import { useLazyModule } from "../use-lazy-module.ts";
import styles from "./arguments-editor.module.css";
import type { TextCheck } from "./check-arguments.ts";
import { useStandingIssues } from "./complaints.ts";
import type { CustomField } from "./custom-field.ts";
import { parseArguments } from "./parse-arguments.ts";
import type { Schema } from "./schema.ts";
import type { ArgumentsViewProps } from "./view.ts";

const views = ["form", "json"] as const;
export type ArgumentsView = (typeof views)[number];

const loadForm = () => import("./form/form-view.tsx");
const loadJson = () => import("./editor/json-view.tsx");

type Props = {
  /** JSON Schema (2020-12) of the tool's input; the same object for the same tool. */
  schema: Schema;
  /** The one truth: the arguments as JSON text, possibly invalid while it is typed. */
  text: string;
  /** Has to change `text` at once, or the caret jumps. */
  onChange: (text: string) => void;
  view: ArgumentsView;
  onViewChange: (view: ArgumentsView) => void;
  /** Issues of the last call's response. Each is shown until the value at its place changes. */
  issues: InputIssue[];
  /** Fields of the host, which go before the form's own. The same array while nothing changes. */
  fields?: readonly CustomField[];
  /** Rules of the host beyond the schema. The same array while nothing changes. */
  checks?: readonly TextCheck[];
  /** Words the codes of `checks`. The same function while the language is the same. */
  customText?: (code: string) => string;
  disabled?: boolean;
  /** Set when running was tried by other means than the keys. */
  tried?: boolean;
  /** Ctrl/Cmd+Enter, in either view. */
  onRun: () => void;
};

const none: never[] = [];
const codeItself = (code: string) => code;

/** The arguments of a tool as a form and as JSON: two views of one text. Give it the tool's name as `key`. */
export function ArgumentsEditor({
  view,
  onViewChange,
  fields = none,
  checks = none,
  customText = codeItself,
  tried = false,
  disabled = false,
  ...props
}: Props) {
  const t = useTranslations("jsonForm");
  const id = useId();
  const parsed = useMemo(() => parseArguments(props.text), [props.text]);
  const issues = useStandingIssues(props.issues, parsed);
  const [ran, setRan] = useState(false);
  // A view stays mounted once it was opened, with its undo history and its unfolded parts.
  const [opened, setOpened] = useState<ReadonlySet<ArgumentsView>>(new Set([view]));
  if (!opened.has(view)) setOpened(new Set([...opened, view]));

  function onRun() {
    setRan(true);
    props.onRun();
  }

  function onTabKey(event: KeyboardEvent<HTMLDivElement>) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    const other = view === "form" ? "json" : "form";
    onViewChange(other);
    document.getElementById(`${id}-${other}`)?.focus();
  }

  const shared: ArgumentsViewProps = {
    ...{ ...props, parsed, issues, fields, checks, customText, disabled },
    ...{ tried: tried || ran, onRun },
  };
  return (
    <section className={styles.editor} aria-label={t("label")}>
      <div role="tablist" aria-label={t("label")} className={styles.tabs} onKeyDown={onTabKey}>
        {views.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            aria-selected={view === name}
            aria-controls={`${id}-panel`}
            tabIndex={view === name ? 0 : -1}
            onClick={() => onViewChange(name)}
          >
            {t(name)}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${view}`} className={styles.panel}>
        <Activity mode={view === "form" ? "visible" : "hidden"}>
          {opened.has("form") && <FormPlace {...shared} showJson={() => onViewChange("json")} />}
        </Activity>
        <Activity mode={view === "json" ? "visible" : "hidden"}>
          {opened.has("json") && <JsonPlace {...shared} />}
        </Activity>
      </div>
    </section>
  );
}

type FormProps = ArgumentsViewProps & { showJson: () => void };

function FormPlace(props: FormProps) {
  const { code, failed } = useLazyModule(loadForm);
  return code ? <code.FormView {...props} /> : <Loading failed={failed} />;
}

function JsonPlace(props: ArgumentsViewProps) {
  const { code, failed } = useLazyModule(loadJson);
  return code ? <code.JsonView {...props} /> : <Loading failed={failed} />;
}

function Loading({ failed }: { failed: boolean }) {
  const t = useTranslations("jsonForm");
  return (
    <p className={styles.loading} role="status">
      {t(failed ? "failed" : "loading")}
    </p>
  );
}
