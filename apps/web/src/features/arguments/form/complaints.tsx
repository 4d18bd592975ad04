"use client";

import type { Path } from "../path.ts";
import styles from "./form.module.css";
import { useForm } from "./form-context.tsx";

/** What is wrong at a place that has no input of its own; places in `inner` say it themselves. */
export function Complaints({ path, inner, id }: { path: Path; inner: Path[]; id?: string }) {
  const complaints = useForm().complaintsAt(path, inner);
  if (complaints.length === 0) return null;
  return (
    <div className={styles.error} id={id}>
      <ComplaintTexts complaints={complaints} />
    </div>
  );
}

type Texts = ReturnType<ReturnType<typeof useForm>["complaintsAt"]>;

/** Complaints as lines of text; those of the server are in English. */
export function ComplaintTexts({ complaints }: { complaints: Texts }) {
  return complaints.map(({ text, from }) => (
    <span key={`${from} ${text}`} className={styles.line} lang={from === "server" ? "en" : undefined}>
      {text}
    </span>
  ));
}
