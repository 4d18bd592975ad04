import { Name } from "@smarteros/ui/name.tsx";
import { useTranslations } from "next-intl";
import type { Run } from "./rows.ts";

/** Who asked for a run: the viewer, somebody else, or a change of the tenant by itself. */
export function Asker({ run, viewer }: { run: Run; viewer: string }) {
  const t = useTranslations("provisioning.asker");
  if (run.event_id !== null) return t("event");
  if (run.requested_by === viewer) return t("you");
  return (
    <code>
      <Name>{run.requested_by}</Name>
    </code>
  );
}
