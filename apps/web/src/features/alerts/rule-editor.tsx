import type { AlertRule, Alerts, ShownRule } from "@smarteros/alerts";
import { definitionOf, newRule, ruleKinds } from "@smarteros/alerts";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { SearchParams } from "../../components/search-params.ts";
import styles from "./alerts.module.css";
import { type Draft, RuleForm } from "./rule-form.tsx";

type Props = { params: SearchParams; rules: ShownRule[]; targets: Alerts["targets"] };

/** Shows the form of the rule that the address names, or the kinds of rule to create. */
export function RuleEditor({ params, rules, targets }: Props) {
  const t = useTranslations("alerts");
  const draft = draftOf(params, rules);
  return (
    <section className={styles.section} id="rule" aria-label={t("editor")}>
      <h2>{t(draft && !draft.isNew ? "editRule" : "newRule")}</h2>
      <ul className={styles.kinds}>
        {ruleKinds.map((kind) => (
          <li key={kind}>
            <Link
              className="plain"
              href={`/dashboard/alerts?new=${kind}#rule`}
              aria-current={draft?.isNew && draft.kind === kind ? "true" : undefined}
              prefetch={false}
            >
              {t(`kindIs.${kind}`)}
            </Link>
          </li>
        ))}
      </ul>
      {draft && <RuleForm key={JSON.stringify(draft)} draft={draft} targets={targets} />}
    </section>
  );
}

function draftOf(params: SearchParams, rules: ShownRule[]): Draft | undefined {
  const kindNamed = (name: unknown) => ruleKinds.find((kind) => kind === name);
  const edited = rules.find(({ rule }) => rule.id === params.edit)?.rule;
  if (edited) return { kind: edited.kind, values: valuesOf(edited), isNew: false };
  const fresh = kindNamed(params.new);
  if (fresh) return { kind: fresh, values: valuesOf(newRule(fresh)), isNew: true };
  // What was sent and refused comes back to be put right.
  const refused = params.problem ? kindNamed(params.kind) : undefined;
  if (!refused) return undefined;
  const sent = new URLSearchParams();
  for (const [name, values] of Object.entries(params))
    for (const value of [values].flat()) if (value !== undefined) sent.append(name, value);
  return { kind: refused, values: definitionOf(sent), isNew: true };
}

function valuesOf(rule: AlertRule): Record<string, unknown> {
  return { ...rule };
}
