import { useTranslations } from "next-intl";

/** What a code of the contract means to a person. */
export function useFailureText() {
  const t = useTranslations("calls.failure");
  return (code: string) => (t.has(code as "internal") ? t(code as "internal") : t("unknown"));
}
