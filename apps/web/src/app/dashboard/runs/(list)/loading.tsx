import { ListSkeleton } from "@smarteros/ui/list-skeleton.tsx";
import { useTranslations } from "next-intl";

export default function Loading() {
  const t = useTranslations("provisioning.runs");
  return <ListSkeleton title={t("title")} />;
}
