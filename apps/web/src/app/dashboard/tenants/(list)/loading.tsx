import { useTranslations } from "next-intl";
import { ListSkeleton } from "../../../../features/tenants/list-skeleton.tsx";

export default function Loading() {
  const t = useTranslations("tenants");
  return <ListSkeleton title={t("title")} />;
}
