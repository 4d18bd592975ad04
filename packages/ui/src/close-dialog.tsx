"use client";

import type { ReactNode } from "react";

/** The button by which a dialog is left without doing anything; `first` gives it the focus as the dialog opens. */
export function CloseDialog({ first = false, children }: { first?: boolean; children: ReactNode }) {
  return (
    <button
      className="plain"
      type="button"
      data-autofocus={first || undefined}
      onClick={(event) => event.currentTarget.closest("dialog")?.close()}
    >
      {children}
    </button>
  );
}
