import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { SignOut } from "../../session/sign-out.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("shell.noAccess");
  return { title: t("title") };
}

export default async function NoAccess() {
  const t = await getTranslations("shell.noAccess");
  return (
    <main className="page narrow">
      <h1>{t("title")}</h1>
      <p className="notice" role="alert">
        {t("reason")}
      </p>
      <SignOut />
    </main>
  );
}
