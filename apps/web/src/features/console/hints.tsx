import { IconAlertTriangle, IconEye, IconPencil, IconWorld } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import styles from "./console.module.css";
import { type ConsoleTool, type Hint, hintsOf } from "./tool.ts";

const icons = { reads: IconEye, changes: IconPencil, destructive: IconAlertTriangle, outside: IconWorld };
const kinds = { reads: "none", changes: "running", destructive: "down", outside: "warning" } as const;

/** What a tool does to the world and who may call it, in words. */
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

/** The icon of a hint, without words: these stand beside it, or are read out. */
export function HintIcon({ hint }: { hint: Hint }) {
  const Icon = icons[hint];
  return <Icon size={14} stroke={2} aria-hidden />;
}
