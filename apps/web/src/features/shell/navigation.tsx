"use client";

import {
  IconBell,
  IconBuildingStore,
  IconChartBar,
  IconHeartbeat,
  IconHistory,
  IconLayoutDashboard,
  IconListCheck,
  IconPackageImport,
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
  { href: "/dashboard/upgrade", label: "upgrade", key: "u", Icon: IconPackageImport, needs: "upgrade" },
  { href: "/dashboard/runs", label: "runs", key: "r", Icon: IconListCheck },
  { href: "/dashboard/analytics", label: "analytics", key: "n", Icon: IconChartBar },
  { href: "/dashboard/health", label: "health", key: "s", Icon: IconHeartbeat },
  { href: "/dashboard/audit", label: "audit", key: "a", Icon: IconHistory },
  { href: "/dashboard/alerts", label: "alerts", key: "l", Icon: IconBell, needs: "audit" },
] as const;

/** Access to the sections that not all users see: the right to audit, and rows that an upgrade left. */
export type SectionAccess = { audit: boolean; upgrade: boolean };

/** Lists the sections that are shown with this access. */
export function sectionsFor(access: SectionAccess) {
  return sections.filter((section) => !("needs" in section) || access[section.needs]);
}

/** The sections: a column on the left, or a bar at the foot of a phone. */
export function Navigation({ access }: { access: SectionAccess }) {
  const t = useTranslations("shell");
  const path = usePathname();
  const shown = sectionsFor(access);
  // Among all: below a section that is not shown, none is the current one.
  const current = sections.findLast(({ href }) => path === href || path.startsWith(`${href}/`));
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
