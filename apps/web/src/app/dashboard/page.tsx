import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { requireSession } from "../../features/session/current-session.ts";
import { WrittenFor } from "../../features/session/viewer.tsx";
import { Disabled } from "../../features/shell/disabled.tsx";
import { requireServices } from "../../services.ts";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("shell");
  return { title: t("overview") };
}

export default async function Dashboard() {
  const [{ principal }, t] = await Promise.all([requireSession(), getTranslations("shell")]);
  const { catalog, settings } = requireServices();
  return (
    <div className="page">
      <WrittenFor userId={principal.userId} />
      <h1>{t("overview")}</h1>
      {settings.enabled ? (
        <>
          <p>{t("panel.lead")}</p>
          <dl className="tools">
            {catalog.permitted(principal).map((tool) => (
              <div key={tool.name}>
                <dt>
                  <Link href={`/dashboard/mcp#tool=${tool.name}`}>
                    <code>{tool.name}</code>
                  </Link>
                </dt>
                <dd lang="en">{tool.description}</dd>
              </div>
            ))}
          </dl>
        </>
      ) : (
        <Disabled />
      )}
    </div>
  );
}
