import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "../../../components/search-params.ts";
import { AnalyticsPage } from "../../../features/analytics/analytics-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("analytics");
  return { title: t("title") };
}

export default async function Analytics({ searchParams }: { searchParams: Promise<SearchParams> }) {
  return <AnalyticsPage searchParams={await searchParams} />;
}
