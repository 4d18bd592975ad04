import { useTranslations } from "next-intl";
import { Pager } from "../../components/pager.tsx";
import { addressWith } from "../../components/search-params.ts";

const address = "/dashboard/alerts";

/** Links to the next page of a list; `list` is its name in the address. */
export function Pages({
  list,
  isFirst,
  next,
}: {
  list: "history" | "deliveries";
  isFirst: boolean;
  next?: string | undefined;
}) {
  const t = useTranslations("alerts");
  return (
    <Pager
      first={isFirst ? undefined : address}
      next={next && `${addressWith(address, { [list]: next })}#${list}`}
      texts={{ pages: t(list), first: t("newest"), next: t("older") }}
      prefetch={false}
    />
  );
}
