import { flagOf, type Vendor } from "@smarteros/connectors/vendors";
import type { Service } from "@smarteros/tools-fastapi/provisioning-log";
import type { ServiceFlags } from "@smarteros/tools-tenants";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { startTransition, useRef, useState } from "react";
import type { FailedCall } from "../../components/call-problem.tsx";
import type { ServiceFlag } from "../../components/service-flags.ts";
import { useAuthorization } from "../../session/authorization.tsx";
import { callTool } from "../../tool-client/call-tool.ts";

export type Refusal = { flag: ServiceFlag; on: boolean; outcome: FailedCall };

/**
 * Returns the switches of a tenant's services. Each shows the requested state immediately, and reverts with a reason
 * where the server refuses. Not by `useOptimistic`: React ends all running actions together, so a refused switch would
 * stay wrong until the slowest of the others has its response.
 */
export function useSwitches(id: string, services: Service[]) {
  const t = useTranslations("tenants");
  const router = useRouter();
  const authorization = useAuthorization();
  const told = flagsOf(services);
  const [known, setKnown] = useState(told);
  const [seen, setSeen] = useState(told);
  const [wanted, setWanted] = useState<Partial<ServiceFlags>>({});
  const [refusal, setRefusal] = useState<Refusal>();
  const [said, setSaid] = useState("");
  /** The last call of each flag: two of one flag go one after the other, those of different flags side by side. */
  const calls = useRef<Partial<Record<ServiceFlag, Promise<unknown>>>>({});

  // Only changes since the last snapshot count: the rest may have been read before the known response.
  const changed = changesOf(seen, told);
  if (changed) {
    setSeen(told);
    setKnown({ ...known, ...changed });
  }

  async function change(flag: ServiceFlag, on: boolean) {
    setWanted((others) => ({ ...others, [flag]: on }));
    setRefusal(undefined);
    const before = calls.current[flag] ?? Promise.resolve();
    const call = before.then(() =>
      callTool(authorization, { name: "tenants.updateServices", args: { id, services: { [flag]: on } } }),
    );
    calls.current[flag] = call;
    const outcome = await call;
    const latest = calls.current[flag] === call;
    if (outcome.ok) {
      const { tenant } = outcome.result as { tenant: { services_enabled: ServiceFlags } };
      setKnown((last) => ({ ...last, [flag]: tenant.services_enabled[flag] }));
    }
    if (!latest) return;
    setWanted(({ [flag]: _settled, ...others }) => others);
    const service = t(`service.${flag}.name`);
    setSaid(outcome.ok ? t(on ? "switches.on" : "switches.off", { service }) : "");
    if (!outcome.ok) setRefusal({ flag, on, outcome });
    // The audit below has a new row, and a refusal may mean that the tenant is no longer what this page shows. Where
    // nothing answers, Next would leave the page for the browser's own error.
    if (outcome.ok || outcome.code !== "unreachable") startTransition(() => router.refresh());
  }

  return {
    isOn: (vendor: Vendor) => wanted[flagOf[vendor]] ?? known[flagOf[vendor]],
    isBusy: (vendor: Vendor) => wanted[flagOf[vendor]] !== undefined,
    change,
    refusal,
    said,
  };
}

function flagsOf(services: Service[]): ServiceFlags {
  return Object.fromEntries(
    services.map(({ vendor, wanted }) => [flagOf[vendor], wanted]),
  ) as unknown as ServiceFlags;
}

function changesOf(before: ServiceFlags, after: ServiceFlags): Partial<ServiceFlags> | undefined {
  const changed = Object.entries(after).filter(([flag, on]) => before[flag as ServiceFlag] !== on);
  return changed.length > 0 ? Object.fromEntries(changed) : undefined;
}
