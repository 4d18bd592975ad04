import { useTranslations } from "next-intl";
import styles from "./result-view.module.css";

/** The text that the clipboard refused, selected, so that a person copies it by hand. */
export function RefusedCopy({ text, onClose }: { text: string; onClose: () => void }) {
  const t = useTranslations("jsonView");
  return (
    <div className={styles.refused}>
      <p role="alert">{t("refused")}</p>
      <textarea
        ref={select}
        readOnly
        wrap="off"
        rows={4}
        value={text}
        aria-label={t("refusedText")}
        onKeyDown={(event) => {
          if (event.key === "Escape") onClose();
        }}
      />
      <button type="button" className={styles.small} onClick={onClose}>
        {t("close")}
      </button>
    </div>
  );
}

function select(field: HTMLTextAreaElement | null) {
  field?.focus();
  field?.select();
}
