"use client";

import {
  IconBell,
  IconBuildingStore,
  IconChartBar,
  IconHeartbeat,
  IconHistory,
  IconLayoutDashboard,
  IconListCheck,
  IconTool,
} from "@tabler/icons-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import styles from "./shell.module.css";

/** The sections of the console; `key` is the second key of the shortcut that leads there, after `g`. */
const sections = [
  { href: "/dashboard", label: "overview", key: "p", Icon: IconLayoutDashboard },
  { href: "/dashboard/mcp", label: "tools", key: "h", Icon: IconTool },
  { href: "/dashboard/tenants", label: "tenants", key: "e", Icon: IconBuildingStore },
  { href: "/dashboard/runs", label: "runs", key: "r", Icon: IconListCheck },
  { href: "/dashboard/analytics", label: "analytics", key: "n", Icon: IconChartBar },
  { href: "/dashboard/health", label: "health", key: "s", Icon: IconHeartbeat },
  { href: "/dashboard/audit", label: "audit", key: "a", Icon: IconHistory },
  { href: "/dashboard/alerts", label: "alerts", key: "l", Icon: IconBell, needs: "audit" },
] as const;

/** The sections that somebody may enter. */
export function sectionsFor(mayAudit: boolean) {
  return sections.filter((section) => mayAudit || !("needs" in section));
}

/** The sections: a column on the left, or a bar at the foot of a phone. */
export function Navigation({ mayAudit }: { mayAudit: boolean }) {
  const t = useTranslations("shell");
  const path = usePathname();
  const shown = sectionsFor(mayAudit);
  const current = shown.findLast(({ href }) => path === href || path.startsWith(`${href}/`));
  return (
    <nav className={styles.navigation} aria-label={t("navigation")}>
      {shown.map(({ href, label, Icon }) => (
        <Link key={href} href={href} aria-current={current?.href === href ? "page" : undefined}>
          <Icon size={18} stroke={1.5} aria-hidden />
          {t(label)}
        </Link>
      ))}
    </nav>
  );
}
