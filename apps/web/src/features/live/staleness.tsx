import { clock } from "@smarteros/ui/format-duration.ts";
import { useTranslations } from "next-intl";
import styles from "./provisioning.module.css";
import type { Connection } from "./subscribe.ts";

type Props = { connection: Connection; readAt: number; now: number };

/** Shows the age of the data while the server does not respond. */
export function Staleness({ connection, readAt, now }: Props) {
  const t = useTranslations("provisioning");
  if (connection !== "stale") return null;
  return (
    <p className={styles.note} role="status">
      {t("stale", { time: clock(now - readAt) })}
    </p>
  );
}
