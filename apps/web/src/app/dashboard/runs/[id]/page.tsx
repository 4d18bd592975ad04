import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { RunPage } from "../../../../features/runs/run-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("provisioning.runs");
  return { title: t("one") };
}

export default async function Run({ params }: { params: Promise<{ id: string }> }) {
  return <RunPage id={(await params).id} />;
}
