"use client";

import { type ReactNode, useId, useLayoutEffect, useRef } from "react";

type Props = { title: ReactNode; onClose: () => void; children: ReactNode };

/**
 * The browser's own modal dialog, open as long as it is rendered. What is marked with `data-autofocus` has the focus
 * first; a form of `method="dialog"` closes it, as Escape does.
 */
export function Dialog({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // Closed before it goes: the browser then gives the focus back to where it came from.
  useLayoutEffect(() => {
    const opened = dialog.current;
    opened?.showModal();
    opened?.querySelector<HTMLElement>("[data-autofocus]")?.focus();
    return () => opened?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={heading}
      onClose={({ currentTarget }) => currentTarget.open || onClose()}
    >
      <h2 id={heading}>{title}</h2>
      {children}
    </dialog>
  );
}
