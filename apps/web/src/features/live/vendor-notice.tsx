import { vendorNames } from "@smarteros/connectors/vendors";
import { getFormatter, getTranslations } from "next-intl/server";
import { requireServices } from "../../app-context.ts";
import { requireSession } from "../../session/current-session.ts";
import { readForPage } from "../../session/read-for-page.ts";

/** Shows the vendors that stopped responding, and until when their steps wait; nothing while all respond. */
export async function VendorNotice() {
  const [session, t, format] = await Promise.all([
    requireSession(),
    getTranslations("provisioning.breaker"),
    getFormatter(),
  ]);
  const read = await readForPage(session.principal, ({ signal }) =>
    requireServices().forUser(session).pagePorts.provisioning.openBreakers(signal),
  );
  if (!read.ok) return null;
  const now = Date.now();
  return read.value.map(({ vendor, open_until: until }) => {
    const end = new Date(until);
    const named = { vendor: vendorNames[vendor] };
    return (
      <p key={vendor} className="notice">
        {end.getTime() > now
          ? t("waits", { ...named, time: format.dateTime(end, "clock") })
          : t("tries", named)}
      </p>
    );
  });
}
