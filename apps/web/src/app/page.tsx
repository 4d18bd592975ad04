import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { services } from "../app-context.ts";
import { Preferences } from "../features/shell/preferences.tsx";
import { currentSession } from "../session/current-session.ts";

export default async function Home() {
  const t = await getTranslations("shell");
  const session = services() ? await currentSession() : undefined;
  return (
    <main className="page narrow">
      <div className="title">
        <h1>SmarterOS MCP</h1>
        <Preferences />
      </div>
      <p>{t("home.lead")}</p>
      {services() ? (
        <p>
          <Link className="button" href={session ? "/dashboard" : "/sign-in"}>
            {session ? t("goToPanel") : t("signIn")}
          </Link>
        </p>
      ) : (
        <p className="notice" role="alert">
          {t("home.misconfigured")}
        </p>
      )}
    </main>
  );
}
