"use client";

import { visibleText } from "../../visible-text.ts";
import { dotted, keyOf, type Path } from "../path.ts";
import styles from "./form.module.css";
import { useForm } from "./form-context.tsx";

/** Shows the problems of a place without an input. Places in `inner` show their own. */
export function Complaints({ path, inner, id }: { path: Path; inner: Path[]; id?: string }) {
  const complaints = useForm().complaintsAt(path, inner);
  if (complaints.length === 0) return null;
  return (
    <div className={styles.error} id={id}>
      <ComplaintTexts complaints={complaints} path={path} />
    </div>
  );
}

type Texts = ReturnType<ReturnType<typeof useForm>["complaintsAt"]>;

/** Complaints as lines of text, with the place where it is not this one; those of the server are in English. */
export function ComplaintTexts({ complaints, path }: { complaints: Texts; path: Path }) {
  return complaints.map(({ at, text, from }) => (
    <span key={`${from} ${keyOf(at)} ${text}`} className={styles.line}>
      {at.length > path.length && (
        <bdi className={styles.name}>{visibleText(dotted(at.slice(path.length)))}: </bdi>
      )}
      <bdi lang={from === "server" ? "en" : undefined}>{visibleText(text)}</bdi>
    </span>
  ));
}
