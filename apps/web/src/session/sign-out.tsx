import { getTranslations } from "next-intl/server";
import { services } from "../app-context.ts";
import { ClerkSignOut } from "./clerk-when-needed.tsx";

/** The way out, for either identity. */
export async function SignOut() {
  const t = await getTranslations("shell");
  if (services()?.settings.identity.kind === "clerk") return <ClerkSignOut label={t("signOut")} />;
  return (
    <form action="/session/sign-out" method="post">
      <button className="plain" type="submit">
        {t("signOut")}
      </button>
    </form>
  );
}
