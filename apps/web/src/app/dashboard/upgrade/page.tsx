import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "../../../components/search-params.ts";
import { UpgradePage } from "../../../features/upgrade/upgrade-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("upgrade");
  return { title: t("title") };
}

export default async function Upgrade({ searchParams }: { searchParams: Promise<SearchParams> }) {
  return <UpgradePage searchParams={await searchParams} />;
}
