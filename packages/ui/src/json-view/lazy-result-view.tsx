import { useTranslations } from "next-intl";
import type { ComponentProps } from "react";
import { useLazyModule } from "../use-lazy-module.ts";
import type { ResultView as ResultViewType } from "./result-view.tsx";

/** Fetches the code of the result view; called as a call starts, so that it is there before the answer. */
export const loadResultView = () => import("./result-view.tsx");

/** The result view, fetched when there is the first result. */
export function LazyResultView(props: ComponentProps<typeof ResultViewType>) {
  const t = useTranslations("jsonView");
  const { code, failed } = useLazyModule(loadResultView);
  if (code) return <code.ResultView {...props} />;
  return <p role="status">{t(failed ? "failedView" : "loadingView")}</p>;
}
