import { useTranslations } from "next-intl";
import { useFailureText } from "../tool-client/failure-text.ts";

/** Returns the text of an error code where it concerns one tenant. */
export function useProblemText() {
  const t = useTranslations("tenants.problem.by");
  const failure = useFailureText();
  return (code: string) => (t.has(code as "conflict") ? t(code as "conflict") : failure(code));
}
