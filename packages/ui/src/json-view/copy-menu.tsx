import { IconChevronDown, IconCopy } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useId, useRef } from "react";
import styles from "./result-view.module.css";

export type CopyAction = { id: string; label: string; text: () => string };

/** Lists the ways to copy, in the browser's own popover: Escape or a click elsewhere closes it. */
export function CopyMenu({ actions, onCopy }: { actions: CopyAction[]; onCopy: (text: string) => void }) {
  const t = useTranslations("jsonView");
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button ref={opener} type="button" className={styles.small} popoverTarget={id}>
        <IconCopy size={16} aria-hidden /> {t("copy")} <IconChevronDown size={14} aria-hidden />
      </button>
      <fieldset
        id={id}
        popover="auto"
        aria-label={t("copy")}
        className={styles.menu}
        onBeforeToggle={({ currentTarget, newState }) => {
          const place = opener.current?.getBoundingClientRect();
          if (newState !== "open" || !place) return;
          currentTarget.style.top = `${place.bottom + 4}px`;
          currentTarget.style.right = `${Math.max(8, document.documentElement.clientWidth - place.right)}px`;
        }}
      >
        {actions.map((action) => (
          <button
            key={action.id}
            type="button"
            popoverTarget={id}
            popoverTargetAction="hide"
            onClick={() => onCopy(action.text())}
          >
            {action.label}
          </button>
        ))}
      </fieldset>
    </>
  );
}
