import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "../../../components/search-params.ts";
import { HealthPage } from "../../../features/health-page/health-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("healthPage");
  return { title: t("title") };
}

export default async function Health({ searchParams }: { searchParams: Promise<SearchParams> }) {
  return <HealthPage searchParams={await searchParams} />;
}
