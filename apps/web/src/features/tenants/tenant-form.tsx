"use client";

import { useSessionStorage } from "@mantine/hooks";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { ownKey } from "../../session/own-storage.ts";
import { argumentsOf, type Draft, emptyDraft } from "./draft.ts";
import { DraftForm } from "./draft-form.tsx";

/** The form of a new tenant. What was typed outlives a failed call, a reload and the way back, in this tab. */
export function TenantForm({ userId }: { userId: string }) {
  const t = useTranslations("tenants.form");
  const router = useRouter();
  const [stored, setDraft, forgetDraft] = useSessionStorage<Draft>({
    key: ownKey(userId, "new-tenant"),
    defaultValue: emptyDraft,
  });
  return (
    <DraftForm
      draft={{ ...emptyDraft, ...stored }}
      setDraft={setDraft}
      request={(draft) => ({ name: "tenants.create", args: argumentsOf(draft) })}
      submit={t("submit")}
      submitting={t("submitting")}
      onDone={({ id }) => {
        forgetDraft();
        router.push(`/dashboard/tenants/${id}`);
      }}
    >
      <Link className="plain" href="/dashboard/tenants" onClick={forgetDraft}>
        {t("cancel")}
      </Link>
    </DraftForm>
  );
}
