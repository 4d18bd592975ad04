import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "../../../../components/search-params.ts";
import { RunList } from "../../../../features/runs/run-list.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("provisioning.runs");
  return { title: t("title") };
}

export default async function Runs({ searchParams }: { searchParams: Promise<SearchParams> }) {
  return <RunList searchParams={await searchParams} />;
}
