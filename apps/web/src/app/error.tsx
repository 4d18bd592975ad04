"use client";

import { useTranslations } from "next-intl";

// Beside the root layout and not in the panel: an error of the panel's own layout would pass a boundary inside it.
export default function PageError({ reset }: { error: Error; reset: () => void }) {
  const t = useTranslations("shell");
  return (
    <main className="page narrow">
      <h1>{t("failure.title")}</h1>
      <p className="notice" role="alert">
        {t("failure.reason")}
      </p>
      <button className="plain" type="button" onClick={reset}>
        {t("retry")}
      </button>
    </main>
  );
}
