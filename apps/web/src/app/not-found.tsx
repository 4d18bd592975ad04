import Link from "next/link";
import { useTranslations } from "next-intl";

export default function NotFound() {
  const t = useTranslations("shell");
  return (
    <main className="page narrow">
      <h1>{t("missing.title")}</h1>
      <p>
        <Link href="/">{t("back")}</Link>
      </p>
    </main>
  );
}
