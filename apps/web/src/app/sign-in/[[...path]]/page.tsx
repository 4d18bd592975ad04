import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { services } from "../../../app-context.ts";
import { Preferences } from "../../../features/shell/preferences.tsx";
import { ClerkSignIn } from "../../../session/clerk-when-needed.tsx";
import { currentSession } from "../../../session/current-session.ts";
import { localUsers } from "../../../session/local-sign-in.ts";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("shell.signInPage");
  return { title: t("title") };
}

export default async function SignIn() {
  const identity = services()?.settings.identity;
  if (!identity) redirect("/");
  if (identity.kind === "clerk") {
    return (
      <main className="page centered">
        <ClerkSignIn />
      </main>
    );
  }
  if (await currentSession()) redirect("/dashboard");
  const t = await getTranslations("shell.signInPage");
  return (
    <main className="page narrow">
      <div className="title">
        <h1>{t("title")}</h1>
        <Preferences />
      </div>
      <p>{t("lead")}</p>
      <form action="/session/sign-in" method="post">
        <ul className="choices">
          {localUsers.map((user) => (
            <li key={user}>
              <button className="plain choice" type="submit" name="user" value={user}>
                <strong>{user}</strong>
                <span>{t(`rights.${user}`)}</span>
              </button>
            </li>
          ))}
        </ul>
      </form>
    </main>
  );
}
