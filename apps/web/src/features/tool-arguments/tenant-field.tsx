"use client";

import { Input, NativeSelect } from "@mantine/core";
import { formatRut } from "@smarteros/tools-tenants/rut";
import type { FieldProps } from "@smarteros/ui/json-form/field-props.ts";
import { useForm } from "@smarteros/ui/json-form/form/form-context.tsx";
import { useField } from "@smarteros/ui/json-form/form/use-field.tsx";
import { isolatedText } from "@smarteros/ui/visible-text.ts";
import { useTranslations } from "next-intl";
import { use, useId } from "react";
import { KnownTenants } from "./known-tenant.ts";
import styles from "./tenant-field.module.css";

/** The id of a tenant: chosen by name and RUT, or typed. */
export function TenantField(props: FieldProps) {
  const t = useTranslations("toolArguments");
  const tenants = use(KnownTenants);
  const { set } = useForm();
  const { hint, ...field } = useField(props);
  const id = useId();
  const value = typeof props.value === "string" ? props.value : "";
  const known = tenants.some(({ id }) => id === value.toLowerCase());

  function change(id: string) {
    if (id === "" && props.clear) props.clear();
    else set(props.path, id);
  }

  const { label, description, error, withAsterisk, inputWrapperOrder, onBlur, ...input } = field;
  return (
    <Input.Wrapper {...{ label, description, error, withAsterisk, inputWrapperOrder }} id={id}>
      <div className={styles.tenant}>
        <NativeSelect
          aria-label={t("tenant")}
          data={[
            { value: "", label: t("chooseTenant") },
            ...tenants.map((tenant) => ({
              value: tenant.id,
              label: `${isolatedText(tenant.name)} · ${formatRut(tenant.rut)}`,
            })),
          ]}
          value={known ? value.toLowerCase() : ""}
          onChange={(event) => change(event.currentTarget.value)}
        />
        <Input
          {...input}
          id={id}
          classNames={{ input: styles.id ?? "" }}
          value={value}
          error={error !== undefined}
          placeholder="00000000-0000-4000-8000-000000000000"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          onBlur={onBlur}
          onChange={(event) => change(event.currentTarget.value.trim())}
        />
      </div>
      {hint}
    </Input.Wrapper>
  );
}
