import { IconAlertTriangle, IconEye, IconPencil, IconWorld } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import styles from "./console.module.css";
import { type ConsoleTool, type Hint, hintsOf } from "./tool.ts";

const icons = { reads: IconEye, changes: IconPencil, destructive: IconAlertTriangle, outside: IconWorld };
const kinds = { reads: "none", changes: "running", destructive: "down", outside: "warning" } as const;

/** Describes the effect of a tool and who may call it. */
export function Hints({ tool }: { tool: ConsoleTool }) {
  const t = useTranslations("console");
  return (
    <ul className={styles.hints}>
      {hintsOf(tool).map((hint) => (
        <li key={hint} data-kind={kinds[hint]}>
          <HintIcon hint={hint} />
          {t(`hint.${hint}`)}
        </li>
      ))}
      <li data-kind="none">{t(`requires.${tool.requires as "read"}`)}</li>
    </ul>
  );
}

/** The icon of a hint. Its text is beside it or read by screen readers. */
export function HintIcon({ hint }: { hint: Hint }) {
  const Icon = icons[hint];
  return <Icon size={14} stroke={2} aria-hidden />;
}
