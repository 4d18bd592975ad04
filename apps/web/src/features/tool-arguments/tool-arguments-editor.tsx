"use client";

import { formatRut } from "@smarteros/tools-tenants/rut";
import { ArgumentsEditor } from "@smarteros/ui/json-form/arguments-editor.tsx";
import type { CustomField } from "@smarteros/ui/json-form/custom-field.ts";
import type { Schema } from "@smarteros/ui/json-form/schema.ts";
import { useTranslations } from "next-intl";
import { type ComponentProps, useCallback, useMemo } from "react";
import { type KnownTenant, KnownTenants } from "./known-tenant.ts";
import { isRut, type RutCode, textChecks } from "./rut-check.ts";
import { RutField } from "./rut-field.tsx";
import { TenantField } from "./tenant-field.tsx";

const tenantNames = new Set(["id", "tenantId", "tenant_id"]);
const isTenantId = (name: string, { format }: Schema) => format === "uuid" && tenantNames.has(name);

type Props = Omit<ComponentProps<typeof ArgumentsEditor>, "fields" | "checks" | "customText"> & {
  tenants: readonly KnownTenant[];
};

/** The editor of arguments with fields for a RUT and for the id of a tenant. */
export function ToolArgumentsEditor({ tenants, ...props }: Props) {
  const t = useTranslations("toolArguments.problem");
  const customText = useCallback((code: string) => t(code as RutCode), [t]);
  const fields = useMemo((): CustomField[] => {
    const completions = tenants.map(({ id, name, rut }) => ({
      value: id,
      label: `${name} · ${formatRut(rut)}`,
    }));
    return [
      { applies: isRut, Field: RutField },
      ...(tenants.length > 0 ? [{ applies: isTenantId, Field: TenantField, completions }] : []),
    ];
  }, [tenants]);
  return (
    <KnownTenants value={tenants}>
      <ArgumentsEditor {...props} fields={fields} checks={textChecks} customText={customText} />
    </KnownTenants>
  );
}
