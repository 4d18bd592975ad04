import type { TenantSummary } from "@smarteros/tools-tenants";
import { formatRut, type RutProblem, rutProblem } from "@smarteros/tools-tenants/rut";
import { type ServiceFlag, serviceFlags } from "../../components/service-flags.ts";
import type { Issue } from "../../tool-client/call-tool.ts";

/** A tenant as a person is writing it. */
export type Draft = { rut: string; businessName: string; services: ServiceFlag[] };
export type DraftProblems = {
  rut?: RutProblem | "missing";
  businessName?: "missing" | "too_short" | "too_long";
};

export const emptyDraft: Draft = { rut: "", businessName: "", services: [] };

/** Checks a draft before it is sent, by the rules of `tenants.create` that need no database. */
export function draftProblems({ rut, businessName }: Draft): DraftProblems {
  const rutWrong = rut.trim() ? rutProblem(formatRut(rut)) : "missing";
  const nameWrong = nameProblem(businessName.trim());
  return { ...(rutWrong ? { rut: rutWrong } : {}), ...(nameWrong ? { businessName: nameWrong } : {}) };
}

function nameProblem(name: string): DraftProblems["businessName"] {
  if (name === "") return "missing";
  if (name.length < 2) return "too_short";
  return name.length > 120 ? "too_long" : undefined;
}

/** The arguments of `tenants.create` for a draft. Services that are not chosen are left out: they begin switched off. */
export function argumentsOf({ rut, businessName, services }: Draft) {
  const chosen = serviceFlags.filter((flag) => services.includes(flag)).map((flag) => [flag, true]);
  return {
    rut: formatRut(rut),
    businessName: businessName.trim(),
    ...(chosen.length > 0 ? { services: Object.fromEntries(chosen) as Record<ServiceFlag, true> } : {}),
  };
}

/** The draft that a tenant's own values make. */
export function draftOf({
  rut,
  business_name: businessName,
  services_enabled: enabled,
}: TenantSummary): Draft {
  return { rut: formatRut(rut), businessName, services: serviceFlags.filter((flag) => enabled[flag]) };
}

/** The arguments of `tenants.resolve` for a draft. Every service is given: its own value may be what was wrong. */
export function resolutionOf(tenantId: string, { rut, businessName, services }: Draft) {
  const flags = serviceFlags.map((flag) => [flag, services.includes(flag)]);
  return {
    tenantId,
    rut: formatRut(rut),
    businessName: businessName.trim(),
    services: Object.fromEntries(flags) as Record<ServiceFlag, boolean>,
  };
}

/** The server's issues by the field that they belong to; what belongs to none is in `others`. */
export function issuesByField(issues: Issue[]) {
  const of = (field: string) => issues.find(({ path }) => path === field)?.message;
  return {
    rut: of("rut"),
    businessName: of("businessName"),
    others: issues.filter(({ path }) => path !== "rut" && path !== "businessName"),
  };
}
