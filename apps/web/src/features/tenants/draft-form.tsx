"use client";

import { Switch, TextInput } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import type { Tenant } from "@smarteros/tools-tenants";
import { formatRut } from "@smarteros/tools-tenants/rut";
import page from "@smarteros/ui/page.module.css";
import { invisibleIn } from "@smarteros/ui/visible-text.ts";
import { IconCheck } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { CallProblem, type FailedCall } from "../../components/call-problem.tsx";
import { serviceFlags } from "../../components/service-flags.ts";
import { useAuthorization } from "../../session/authorization.tsx";
import { callTool } from "../../tool-client/call-tool.ts";
import { type Draft, draftProblems, issuesByField } from "./draft.ts";
import styles from "./tenants.module.css";

type Field = "rut" | "businessName";

type Props = {
  draft: Draft;
  setDraft(draft: Draft): void;
  /** The call that a draft is sent with; its result holds a tenant. */
  request(draft: Draft): { name: string; args: object };
  onDone(tenant: Tenant): void;
  submit: string;
  submitting: string;
  /** Content beside the button. */
  children?: ReactNode;
};

/** Edits RUT, name and services of a tenant and sends them by a tool; problems are shown at their field. */
export function DraftForm({ draft, setDraft, request, onDone, submit: label, submitting, children }: Props) {
  const t = useTranslations("tenants.form");
  const services = useTranslations("tenants.service");
  const authorization = useAuthorization();
  // Until the script is there, nothing typed would be stored: the fields wait for it.
  const ready = useMounted();
  const form = useRef<HTMLFormElement>(null);
  /** Fields that were left or sent. Their problems are shown. */
  const [left, setLeft] = useState<Record<Field, boolean>>({ rut: false, businessName: false });
  const [sending, setSending] = useState(false);
  const [failed, setFailed] = useState<FailedCall>();
  const [refused, setRefused] = useState<Partial<Record<Field, string>>>({});

  const problems = draftProblems(draft);

  function change(field: Field, value: string) {
    setDraft({ ...draft, [field]: value });
    setLeft({ ...left, [field]: false });
    setRefused({ ...refused, [field]: undefined });
  }

  async function submit() {
    if (sending) return;
    setLeft({ rut: true, businessName: true });
    if (problems.rut || problems.businessName) return focusOn(problems.rut ? "rut" : "businessName");
    setSending(true);
    setFailed(undefined);
    const outcome = await callTool(authorization, request(draft));
    if (outcome.ok) {
      setLeft({ rut: false, businessName: false });
      return onDone((outcome.result as { tenant: Tenant }).tenant);
    }
    setSending(false);
    const issues = issuesByField(outcome.issues);
    setRefused({ rut: issues.rut, businessName: issues.businessName });
    if (issues.rut ?? issues.businessName) focusOn(issues.rut ? "rut" : "businessName");
    if (issues.others.length > 0 || !(issues.rut ?? issues.businessName)) setFailed(outcome);
  }

  function focusOn(field: Field) {
    form.current?.querySelector<HTMLInputElement>(`[name="${field}"]`)?.focus();
  }

  function errorOf(field: Field): ReactNode {
    const message = refused[field];
    if (message) {
      if (field === "businessName" && invisibleIn(draft.businessName).length > 0) return t("unprintable");
      return t.rich("refused", { message, text: (chunks) => <span lang="en">{chunks}</span> });
    }
    if (!left[field]) return undefined;
    if (field === "rut") return problems.rut && t(`problem.rut.${problems.rut}`);
    return problems.businessName && t(`problem.businessName.${problems.businessName}`);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.current?.requestSubmit();
    }
  }

  return (
    <form
      ref={form}
      className={styles.form}
      noValidate
      aria-busy={sending}
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <fieldset className={page.plainFieldset} disabled={!ready}>
        <TextInput
          name="rut"
          label={t("rut")}
          description={t("rutHint")}
          required
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          value={draft.rut}
          error={errorOf("rut")}
          rightSection={
            !problems.rut && (
              <IconCheck className={styles.valid} size={18} role="img" aria-label={t("valid")} />
            )
          }
          onChange={(event) => change("rut", event.currentTarget.value)}
          onBlur={() => {
            if (!draft.rut.trim()) return;
            setDraft({ ...draft, rut: formatRut(draft.rut) });
            setLeft({ ...left, rut: true });
          }}
        />
        <TextInput
          name="businessName"
          label={t("name")}
          description={t("nameHint")}
          required
          autoComplete="off"
          value={draft.businessName}
          error={errorOf("businessName")}
          onChange={(event) => change("businessName", event.currentTarget.value)}
          onBlur={() => draft.businessName && setLeft({ ...left, businessName: true })}
        />
        <fieldset className={styles.switches}>
          <legend>{t("services")}</legend>
          {serviceFlags.map((flag) => (
            <Switch
              key={flag}
              classNames={{ track: page.track }}
              label={services(`${flag}.name`)}
              description={services(`${flag}.what`)}
              checked={draft.services.includes(flag)}
              onChange={(event) => {
                const others = draft.services.filter((chosen) => chosen !== flag);
                setDraft({ ...draft, services: event.currentTarget.checked ? [...others, flag] : others });
              }}
            />
          ))}
        </fieldset>
        {failed && (
          <CallProblem outcome={failed} onRetry={submit}>
            {failed.issues.length > 0 ? <IssueList outcome={failed} /> : undefined}
          </CallProblem>
        )}
        <div className={page.actions}>
          <button className="button" type="submit" aria-disabled={sending}>
            {sending ? submitting : label}
          </button>
          {children}
          <span className={styles.keys}>{t("keys")}</span>
        </div>
      </fieldset>
    </form>
  );
}

/** Lists the server's issues that belong to no field. */
function IssueList({ outcome }: { outcome: FailedCall }) {
  return (
    <span lang="en">
      {outcome.issues.map(({ path, message }) => `${path ? `${path}: ` : ""}${message}`).join(" ")}
    </span>
  );
}
