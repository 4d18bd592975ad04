import type { Run } from "@smarteros/tools-fastapi/provisioning-log";
import { Name } from "@smarteros/ui/name.tsx";
import { useTranslations } from "next-intl";

/** Shows who requested a run: the current user, another user, a change of the tenant, or a comparison. */
export function RequestedBy({ run, viewer }: { run: Run; viewer: string }) {
  const t = useTranslations("provisioning.asker");
  if (run.event_id !== null) return t("event");
  if (run.requested_by === "system") return t("repair");
  if (run.requested_by === viewer) return t("you");
  return (
    <code>
      <Name>{run.requested_by}</Name>
    </code>
  );
}
