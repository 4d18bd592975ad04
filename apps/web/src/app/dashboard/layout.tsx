import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { requireSession } from "../../features/session/current-session.ts";
import { SignOut } from "../../features/session/sign-out.tsx";
import { Navigation } from "../../features/shell/navigation.tsx";
import { Preferences } from "../../features/shell/preferences.tsx";
import styles from "../../features/shell/shell.module.css";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("shell");
  return { title: t("overview") };
}

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const [{ principal }, t] = await Promise.all([requireSession(), getTranslations("shell")]);
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
      <div className={styles.body}>
        <Navigation />
        <main className={styles.main} id="content" tabIndex={-1}>
          {children}
        </main>
      </div>
    </>
  );
}
