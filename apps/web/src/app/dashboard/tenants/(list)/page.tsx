import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "../../../../components/search-params.ts";
import { TenantList } from "../../../../features/tenants/tenant-list.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("tenants");
  return { title: t("title") };
}

export default async function Tenants({ searchParams }: { searchParams: Promise<SearchParams> }) {
  return <TenantList searchParams={await searchParams} />;
}
