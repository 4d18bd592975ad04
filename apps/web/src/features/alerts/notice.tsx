import page from "@smarteros/ui/page.module.css";
import { useTranslations } from "next-intl";
import type { SearchParams } from "../../components/search-params.ts";
import { useFieldName } from "./field-name.ts";

const done = ["save-rule", "delete-rule", "mute-rule", "add-target", "remove-target", "test-target"] as const;
const problems = ["invalid", "internal", "taken", "gone"] as const;

/** Shows the outcome of a form, as the address has it. */
export function Notice({ params }: { params: SearchParams }) {
  const t = useTranslations("alerts");
  const fieldName = useFieldName();
  const finished = done.find((name) => name === params.done);
  if (finished) return <p role="status">{t(`done.${finished}`)}</p>;
  const problem = problems.find((name) => name === params.problem);
  if (!problem) return null;
  return (
    <p className={page.problem} role="alert">
      {t(`problem.${problem}`, { field: fieldName(String(params.field ?? "")) })}
    </p>
  );
}
