import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { AlertsPage } from "../../../features/alerts/alerts-page.tsx";
import type { SearchParams } from "../../../features/alerts/search-params.ts";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("alerts");
  return { title: t("title") };
}

export default async function Alerts({ searchParams }: { searchParams: Promise<SearchParams> }) {
  return <AlertsPage searchParams={await searchParams} />;
}
