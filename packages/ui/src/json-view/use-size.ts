import { useTranslations } from "next-intl";

/** Writes how large a text is in UTF-8, in decimal kilobytes. */
export function useSize() {
  const t = useTranslations("jsonView");
  return (text: string) => {
    const bytes = new TextEncoder().encode(text).length;
    return bytes < 1000 ? t("bytes", { value: bytes }) : t("kilobytes", { value: bytes / 1000 });
  };
}
