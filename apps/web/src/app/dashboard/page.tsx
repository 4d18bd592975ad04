import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { requireServices } from "../../app-context.ts";
import { Disabled } from "../../components/disabled.tsx";
import { requireSession } from "../../session/current-session.ts";
import { RenderedFor } from "../../session/current-user.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("shell");
  return { title: t("overview") };
}

export default async function Dashboard() {
  const [{ principal }, t] = await Promise.all([requireSession(), getTranslations("shell")]);
  const { catalog, settings } = requireServices();
  return (
    <div className="page">
      <RenderedFor userId={principal.userId} />
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
