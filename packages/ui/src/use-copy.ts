import { useCallback, useEffect, useState } from "react";

/** The result of the last copy; `text` is what the clipboard refused. */
export type Copied = { kind: "copied" } | { kind: "refused"; text: string };

const noticeMs = 4000;

/** Copies text, and returns the result until a timeout or until it is dismissed. */
export function useCopy() {
  const [copied, setCopied] = useState<Copied>();
  useEffect(() => {
    if (copied?.kind !== "copied") return;
    const timer = setTimeout(() => setCopied(undefined), noticeMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = useCallback(async (text: string) => {
    // Emptied first, so that a second copy is announced as well.
    setCopied(undefined);
    try {
      await navigator.clipboard.writeText(text);
      setCopied({ kind: "copied" });
    } catch {
      // Without permission, or without a secure context, where there is no clipboard at all.
      setCopied({ kind: "refused", text });
    }
  }, []);
  const dismiss = useCallback(() => setCopied(undefined), []);
  return { copied, copy, dismiss };
}
