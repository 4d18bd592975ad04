import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "../../../components/search-params.ts";
import { AlertsPage } from "../../../features/alerts/alerts-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("alerts");
  return { title: t("title") };
}

export default async function Alerts({ searchParams }: { searchParams: Promise<SearchParams> }) {
  return <AlertsPage searchParams={await searchParams} />;
}
