import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import {
  EditorView,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import type { ArgumentsViewProps } from "../view.ts";
import { completeFrom } from "./completion.ts";
import { hoverFrom } from "./hover.ts";
import { theme } from "./theme.ts";

/** Settings that depend on the page and may change while the editor exists. */
export const settings = new Compartment();

/** A new editor for a text. `latest` gives the properties of the view as they are when they are needed. */
export function editorState(text: string, latest: () => ArgumentsViewProps): EditorState {
  const run = () => {
    latest().onRun();
    return true;
  };
  return EditorState.create({
    doc: text,
    extensions: [
      Prec.highest(keymap.of([{ key: "Mod-Enter", run }])),
      EditorView.cspNonce.of(nonceOfPage()),
      lineNumbers(),
      highlightActiveLineGutter(),
      // Bidirectional marks, beside the control characters that it shows by default.
      highlightSpecialChars({ addSpecialChars: /[\u202a-\u202c\u2060-\u2064\u2068\ud800-\udfff]/g }),
      history(),
      indentOnInput(),
      indentUnit.of("  "),
      bracketMatching(),
      closeBrackets(),
      json(),
      autocompletion({ override: [completeFrom(latest)], icons: false }),
      hoverFrom(latest),
      // No Tab: it leaves the editor, as it leaves every field.
      keymap.of([
        ...closeBracketsKeymap,
        ...defaultKeymap,
        ...historyKeymap,
        ...completionKeymap,
        ...lintKeymap,
      ]),
      EditorView.lineWrapping,
      EditorView.updateListener.of((update) => {
        const fromOutside = update.transactions.some((transaction) => transaction.isUserEvent("sync"));
        if (update.docChanged && !fromOutside) latest().onChange(update.state.doc.toString());
      }),
      theme,
      settings.of([]),
    ],
  });
}

/** The nonce that this page came with; browsers hide the attribute, not the property. */
function nonceOfPage(): string {
  const element = document.querySelector<HTMLElement>("script[nonce], style[nonce]");
  return element?.nonce ?? "";
}
