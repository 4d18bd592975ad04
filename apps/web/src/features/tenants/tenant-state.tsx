import { useTranslations } from "next-intl";
import { Status } from "../shell/status.tsx";

/** Whether a tenant is active, in a word. */
export function TenantState({ active }: { active: boolean }) {
  const t = useTranslations("tenants.state");
  return <Status kind={active ? "ok" : "none"}>{t(active ? "active" : "deleted")}</Status>;
}
