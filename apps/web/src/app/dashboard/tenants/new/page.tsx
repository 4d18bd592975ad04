import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { NewTenant } from "../../../../features/tenants/new-tenant.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("tenants");
  return { title: t("new") };
}

export default NewTenant;
