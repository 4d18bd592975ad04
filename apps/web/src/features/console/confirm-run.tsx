"use client";

import { Button } from "@mantine/core";
import { Dialog } from "@smarteros/ui/dialog.tsx";
import { Name } from "@smarteros/ui/name.tsx";
import { visibleIndentedJson } from "@smarteros/ui/visible-text.ts";
import { useTranslations } from "next-intl";
import type { KnownTenant } from "../tool-arguments/known-tenant.ts";
import styles from "./console.module.css";
import { tenantsNamed } from "./tool.ts";

type Props = {
  tool: string;
  args: unknown;
  tenants: KnownTenant[];
  onYes: () => void;
  onNo: () => void;
};

/** Asks before a destructive tool runs, and names what it changes. Cancel has the focus. */
export function ConfirmRun({ tool, args, tenants, onYes, onNo }: Props) {
  const t = useTranslations("console.confirm");
  const named = tenantsNamed(args, tenants);
  return (
    <Dialog title={t("title", { tool })} onClose={onNo}>
      <p className="notice">{t("warning")}</p>
      {named.length > 0 ? (
        <>
          <p>{t("touches")}</p>
          <ul>
            {named.map(({ id, name, rut }) => (
              <li key={id}>
                <strong>
                  <Name>{name}</Name>
                </strong>{" "}
                · {rut}
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p>{t("touchesUnknown")}</p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={styles.pre} tabIndex={0}>
        {visibleIndentedJson(args)}
      </pre>
      <form method="dialog" className={styles.dialogActions}>
        <Button type="submit" variant="default" data-autofocus>
          {t("no")}
        </Button>
        <Button type="button" color="red" onClick={onYes}>
          {t("yes", { tool })}
        </Button>
      </form>
    </Dialog>
  );
}
