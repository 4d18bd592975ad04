import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const mono = '"IBM Plex Mono", ui-monospace, monospace';

/** The editor in the tokens of the console, which are light or dark by themselves. */
export const theme = [
  EditorView.theme({
    "&": {
      border: "1px solid var(--rule)",
      borderRadius: "6px",
      backgroundColor: "var(--surface)",
      color: "var(--text)",
      fontSize: "13px",
    },
    "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
    ".cm-content, .cm-gutter": { minHeight: "160px" },
    ".cm-scroller": { maxHeight: "60vh", fontFamily: mono, lineHeight: "20px" },
    ".cm-content": { padding: "8px 0", caretColor: "var(--text)" },
    ".cm-line": { padding: "0 8px" },
    ".cm-gutters": {
      borderRight: "1px solid var(--rule)",
      backgroundColor: "var(--page)",
      color: "var(--dim)",
    },
    ".cm-activeLineGutter": { backgroundColor: "var(--hover)", color: "var(--text)" },
    "&.cm-focused .cm-matchingBracket, .cm-matchingBracket": {
      backgroundColor: "var(--running-tint)",
      outline: "1px solid var(--accent)",
    },
    "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--down-tint)" },
    ".cm-specialChar": { color: "var(--down)" },
    ".cm-placeholder": { color: "var(--dim)" },
    ".cm-tooltip": {
      maxWidth: "min(420px, 90vw)",
      border: "1px solid var(--rule)",
      borderRadius: "6px",
      backgroundColor: "var(--surface)",
      color: "var(--text)",
    },
    ".cm-tooltip p, .cm-completionInfo p": { margin: "0" },
    ".cm-schema": { padding: "6px 10px", fontSize: "13px", lineHeight: "18px" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: mono },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "4px 8px", color: "var(--text)" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
      backgroundColor: "var(--accent)",
      color: "var(--on-accent)",
    },
    ".cm-completionMatchedText": { fontWeight: "600", textDecoration: "none" },
    ".cm-completionDetail": { color: "inherit" },
    ".cm-tooltip.cm-completionInfo": { padding: "6px 10px" },
    ".cm-diagnostic": { padding: "4px 10px", borderLeft: "0", fontFamily: "inherit" },
    ".cm-diagnostic-error": { borderLeft: "3px solid var(--down)" },
    ".cm-lintRange-error": {
      backgroundImage: "none",
      textDecoration: "underline wavy var(--down)",
      textUnderlineOffset: "3px",
    },
    ".cm-lintPoint-error:after": { borderBottomColor: "var(--down)" },
  }),
  syntaxHighlighting(
    HighlightStyle.define([
      { tag: tags.propertyName, color: "var(--accent)" },
      { tag: tags.string, color: "var(--ok)" },
      { tag: tags.number, color: "var(--pending)" },
      { tag: [tags.bool, tags.null], color: "var(--warning)" },
      { tag: [tags.separator, tags.squareBracket, tags.brace, tags.punctuation], color: "var(--dim)" },
      { tag: tags.invalid, color: "var(--down)" },
    ]),
  ),
];
