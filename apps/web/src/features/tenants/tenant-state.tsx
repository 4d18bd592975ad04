import { Status } from "@smarteros/ui/status.tsx";
import { useTranslations } from "next-intl";

/** Shows whether a tenant is active. */
export function TenantState({ active }: { active: boolean }) {
  const t = useTranslations("tenants.state");
  return <Status kind={active ? "ok" : "none"}>{t(active ? "active" : "deleted")}</Status>;
}
