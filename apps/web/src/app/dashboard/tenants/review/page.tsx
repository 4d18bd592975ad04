import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { SearchParams } from "../../../../components/search-params.ts";
import { ReviewList } from "../../../../features/tenants/review-list.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("tenants.review");
  return { title: t("title") };
}

export default async function Review({ searchParams }: { searchParams: Promise<SearchParams> }) {
  return <ReviewList searchParams={await searchParams} />;
}
