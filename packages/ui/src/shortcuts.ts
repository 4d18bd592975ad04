import { useEffect, useRef } from "react";

const switchKey = "smarteros:single-keys";

/** Reads whether shortcuts of a single key are on. Users who dictate or whose hands shake may switch them off. */
export function singleKeys(): boolean {
  try {
    return localStorage.getItem(switchKey) !== "off";
  } catch {
    return true;
  }
}

export function setSingleKeys(on: boolean) {
  localStorage.setItem(switchKey, on ? "on" : "off");
}

/**
 * Listens for shortcuts on the whole page: `mod+Enter`, `/`, `?`, or two keys in a row such as `g h`. They are matched
 * by what is typed and not by where the key sits. All rest while a modal dialog is open; those without `mod` also while
 * a field has the focus or something else is open above the page, and where they are switched off.
 */
export function useShortcuts(shortcuts: Readonly<Record<string, () => void>>) {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    let before = "";
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.altKey || event.repeat) return;
      if (document.querySelector("dialog[open]")) return;
      const mod = event.ctrlKey || event.metaKey;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (!mod && (!singleKeys() || isBusy(event.target))) return;
      const pair = `${before} ${key}`;
      before = mod ? "" : key;
      const run = mod ? current.current[`mod+${key}`] : (current.current[pair] ?? current.current[key]);
      if (!run) return;
      before = "";
      event.preventDefault();
      run();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}

function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector("[popover]:popover-open, [role=dialog][data-expanded]")) return true;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest("input, textarea, select, [role=tree], [role=textbox]") !== null)
  );
}
