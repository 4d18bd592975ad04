import {
  IconAlertTriangleFilled,
  IconCheck,
  IconCircle,
  IconCircleHalf2,
  IconSquareRotatedFilled,
  IconX,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import styles from "./status.module.css";

const icons = {
  ok: IconCheck,
  running: IconCircleHalf2,
  warning: IconAlertTriangleFilled,
  down: IconX,
  pending: IconSquareRotatedFilled,
  none: IconCircle,
};

export type StatusKind = keyof typeof icons;

/** Shows a state as icon, word and colour, so that colour is never its only sign. */
export function Status({ kind, children }: { kind: StatusKind; children: ReactNode }) {
  const Icon = icons[kind];
  return (
    <span className={styles.status} data-kind={kind}>
      <Icon size={14} stroke={2.5} aria-hidden />
      {children}
    </span>
  );
}
