"use client";

import { setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useTranslations } from "next-intl";
import { useEffect, useMemo, useRef, useState } from "react";
import { useComplaints } from "../complaints.ts";
import type { ArgumentsViewProps } from "../view.ts";
import { type Finding, findingsOf } from "./diagnostics.ts";
import { editorState, settings } from "./editor-state.ts";
import { Findings } from "./findings.tsx";

const settlingMilliseconds = 250;

/** The arguments as JSON text, with completion, descriptions and problems from the schema. */
export function JsonView(props: ArgumentsViewProps) {
  const t = useTranslations("jsonForm");
  const { text, parsed, disabled } = props;
  const complaints = useComplaints(props);
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  // Outlives the view, which goes while the form is shown: with it, undo would forget.
  const kept = useRef<EditorState>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const [findings, setFindings] = useState<Finding[]>([]);

  const given = useMemo(
    () => [
      EditorState.readOnly.of(disabled),
      EditorView.contentAttributes.of({
        "aria-label": `${t("label")}, ${t("json")}`,
        "aria-readonly": String(disabled),
        tabindex: "0",
        spellcheck: "false",
        autocorrect: "off",
        autocapitalize: "off",
      }),
      EditorState.phrases.of({
        "Control character": t("editor.controlCharacter"),
        Completions: t("editor.completions"),
        Diagnostics: t("editor.diagnostics"),
        "No diagnostics": t("editor.noDiagnostics"),
        close: t("editor.close"),
      }),
    ],
    [disabled, t],
  );

  useEffect(() => {
    if (!host.current) return;
    const state = kept.current ?? editorState(latest.current.text, () => latest.current);
    const made = new EditorView({ state, parent: host.current });
    view.current = made;
    return () => {
      kept.current = made.state;
      made.destroy();
      view.current = undefined;
    };
  }, []);

  useEffect(() => {
    view.current?.dispatch({ effects: settings.reconfigure(given) });
  }, [given]);

  useEffect(() => {
    if (view.current) show(view.current, text);
  }, [text]);

  useEffect(() => {
    const timer = setTimeout(() => {
      if (!view.current) return;
      const { state } = view.current;
      const found = parsed.ok
        ? findingsOf(complaints, state.doc)
        : [syntaxError(state, parsed, t("syntax", { line: parsed.line, column: parsed.column }))];
      setFindings(found);
      view.current.dispatch(setDiagnostics(state, found));
    }, settlingMilliseconds);
    return () => clearTimeout(timer);
  }, [complaints, parsed, t]);

  function goTo({ from }: Finding) {
    view.current?.dispatch({ selection: { anchor: from }, scrollIntoView: true });
    view.current?.focus();
  }

  return (
    <div>
      <div ref={host} />
      <Findings findings={findings} onChoose={goTo} />
    </div>
  );
}

/** Brings a text that was changed elsewhere into the editor, touching only what differs. */
function show(view: EditorView, text: string) {
  const current = view.state.doc.toString();
  if (current === text) return;
  let start = 0;
  while (start < current.length && start < text.length && current[start] === text[start]) start += 1;
  let [from, to] = [current.length, text.length];
  while (from > start && to > start && current[from - 1] === text[to - 1]) [from, to] = [from - 1, to - 1];
  view.dispatch({ changes: { from: start, to: from, insert: text.slice(start, to) }, userEvent: "sync" });
}

function syntaxError(
  state: EditorState,
  { line, column }: { line: number; column: number },
  message: string,
): Finding {
  const { from, to } = state.doc.line(Math.min(line, state.doc.lines));
  const at = Math.min(from + column - 1, to);
  return { from: at, to: Math.min(at + 1, to), severity: "error", message, line, path: "", told: "schema" };
}
