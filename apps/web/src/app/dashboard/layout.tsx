import Link from "next/link";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { requireServices } from "../../app-context.ts";
import { RunsProvider } from "../../features/console/runs-provider.tsx";
import { Commands } from "../../features/shell/commands.tsx";
import { Navigation } from "../../features/shell/navigation.tsx";
import { Preferences } from "../../features/shell/preferences.tsx";
import styles from "../../features/shell/shell.module.css";
import { hasUpgradeWork } from "../../features/upgrade/has-upgrade-work.ts";
import { requireSession } from "../../session/current-session.ts";
import { CurrentUser } from "../../session/current-user.tsx";
import { SignOut } from "../../session/sign-out.tsx";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const [session, t] = await Promise.all([requireSession(), getTranslations("shell")]);
  const { principal } = session;
  const { catalog, settings } = requireServices();
  const tools = settings.enabled ? catalog.permitted(principal) : [];
  const access = { audit: principal.capabilities.has("audit"), upgrade: await hasUpgradeWork(session) };
  return (
    <>
      <a className={styles.skip} href="#content">
        {t("skip")}
      </a>
      <header className={styles.header}>
        <Link className={styles.brand} href="/dashboard">
          SmarterOS MCP
        </Link>
        <div className={styles.end}>
          <span className={styles.who}>
            <code>{principal.userId}</code> {t(`role.${principal.role}`)}
          </span>
          <Preferences />
          <SignOut />
        </div>
      </header>
      <Commands tools={tools.map(({ name, description }) => ({ name, description }))} access={access} />
      <div className={styles.body}>
        <Navigation access={access} />
        <main className={styles.main} id="content" tabIndex={-1}>
          <CurrentUser userId={principal.userId}>
            <RunsProvider>{children}</RunsProvider>
          </CurrentUser>
        </main>
      </div>
    </>
  );
}
