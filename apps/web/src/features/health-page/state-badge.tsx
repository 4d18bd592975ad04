import { Status, type StatusKind } from "@smarteros/ui/status.tsx";
import { useTranslations } from "next-intl";

const kinds = {
  ok: "ok",
  degraded: "warning",
  error: "down",
  maintenance: "pending",
} as const satisfies Record<string, StatusKind>;

/** A service's state as icon, word and colour. */
export function StateBadge({ state }: { state: keyof typeof kinds }) {
  const t = useTranslations("healthPage");
  return <Status kind={kinds[state]}>{t(`state.${state}`)}</Status>;
}
