import { useTranslations } from "next-intl";

/** Shows that the tools are switched off, and how to switch them on. */
export function Disabled() {
  const t = useTranslations("shell");
  return <p className="notice">{t.rich("disabled", { code: (text) => <code>{text}</code> })}</p>;
}
