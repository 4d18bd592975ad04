import { vendorNames } from "@smarteros/connectors/vendors";
import { Name } from "@smarteros/ui/name.tsx";
import { Status } from "@smarteros/ui/status.tsx";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useFailureText } from "../../tool-client/failure-text.ts";
import styles from "./upgrade.module.css";
import type { LineResult } from "./use-adoptions.ts";

/** Lists how each line ended, those that were refused first. */
export function AdoptionResults({ results }: { results: LineResult[] }) {
  const t = useTranslations("upgrade.bulk");
  const failure = useFailureText();
  return (
    <ul className={styles.results}>
      {results
        .toSorted((a, b) => Number(a.ok) - Number(b.ok))
        .map((result) => {
          const { tenantId, service, externalId } = result.adoption;
          const known = result.ok ? undefined : (`refused.${result.code}` as "refused.conflict");
          return (
            <li key={`${tenantId},${service}`}>
              <p>
                <Status kind={result.ok ? "ok" : "down"}>{t(result.ok ? "adopted" : "notAdopted")}</Status>
                <strong>{vendorNames[service]}</strong>
                <code>
                  <Name>{externalId}</Name>
                </code>
                {result.ok ? (
                  <Name>{result.name}</Name>
                ) : (
                  <span>{known && t.has(known) ? t(known) : failure(result.code)}</span>
                )}
              </p>
              {!result.ok && result.message && (
                <p lang="en">
                  <Name>{result.message}</Name>
                </p>
              )}
              <p>
                <Link href={`/dashboard/tenants/${tenantId}`} prefetch={false}>
                  <code>{tenantId}</code>
                </Link>
              </p>
            </li>
          );
        })}
    </ul>
  );
}
