import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "../../../components/search-params.ts";
import { AuditPage } from "../../../features/audit/audit-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("audit");
  return { title: t("title") };
}

export default async function Audit({ searchParams }: { searchParams: Promise<SearchParams> }) {
  return <AuditPage searchParams={await searchParams} />;
}
