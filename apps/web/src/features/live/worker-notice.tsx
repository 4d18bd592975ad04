import { getTranslations } from "next-intl/server";
import { requireServices } from "../../app-context.ts";
import { requireSession } from "../../session/current-session.ts";
import { readForPage } from "../../session/read-for-page.ts";

/** Shows that no worker has reported for two minutes, so that services wait; nothing while one does. */
export async function WorkerNotice() {
  const [session, t] = await Promise.all([requireSession(), getTranslations("provisioning.workers")]);
  const read = await readForPage(session.principal, ({ signal }) =>
    requireServices().forUser(session).pagePorts.workerSilence(signal),
  );
  if (!read.ok || read.value === undefined) return null;
  const minutes = Number.isFinite(read.value) ? Math.floor(read.value / 60) : undefined;
  return (
    <p className="notice">
      {minutes === undefined ? t("none") : t("silent", { minutes })} {t("remedy")}
    </p>
  );
}
