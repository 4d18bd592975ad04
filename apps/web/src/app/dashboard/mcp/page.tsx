import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { ConsolePage } from "../../../features/console/console-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("console");
  return { title: t("title") };
}

export default ConsolePage;
