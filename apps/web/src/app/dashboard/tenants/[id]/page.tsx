import { visibleText } from "@smarteros/ui/visible-text.ts";
import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { findTenant } from "../../../../features/tenants/find-tenant.ts";
import { TenantPage } from "../../../../features/tenants/tenant-page.tsx";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [{ id }, t] = await Promise.all([params, getTranslations("tenants")]);
  const read = await findTenant(id);
  if (read.ok && !read.value) return { title: t("missing.title") };
  return { title: read.ok && read.value ? visibleText(read.value.business_name) : t("title") };
}

export default async function Tenant({ params }: Props) {
  return <TenantPage id={(await params).id} />;
}
