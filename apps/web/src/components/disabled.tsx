import { useTranslations } from "next-intl";

/** Says that the master switch is off, and how it is switched on. */
export function Disabled() {
  const t = useTranslations("shell");
  return <p className="notice">{t.rich("disabled", { code: (text) => <code>{text}</code> })}</p>;
}
