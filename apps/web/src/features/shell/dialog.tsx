"use client";

import { type ReactNode, useEffect, useId, useRef } from "react";

type Props = { title: ReactNode; onClose: () => void; children: ReactNode };

/**
 * The browser's own modal dialog, open as long as it is rendered. What is marked with `data-autofocus` has the focus
 * first; a form of `method="dialog"` closes it, as Escape does.
 */
export function Dialog({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLElement>("[data-autofocus]")?.focus();
  }, []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={heading} onClose={onClose}>
      <h2 id={heading}>{title}</h2>
      {children}
    </dialog>
  );
}
