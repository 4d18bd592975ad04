import { useTranslations } from "next-intl";

/** Returns the text of an error code of the contract. */
export function useFailureText() {
  const t = useTranslations("calls.failure");
  return (code: string) => (t.has(code as "internal") ? t(code as "internal") : t("unknown"));
}
