import { vendorNames } from "@smarteros/connectors/vendors";
import { useTranslations } from "next-intl";
import { type RowInReview, reviewProblem } from "./review-problem.ts";

/** Lists the problems of a row in review; the tool's own message is shown where there is no translation. */
export function ReviewProblems({ row }: { row: RowInReview }) {
  const t = useTranslations("tenants.review.problem");
  return (
    <ul>
      {row.problems.map((problem) => {
        const found = reviewProblem(problem, row);
        return (
          <li key={problem.path + problem.message}>
            {found.word === "said" ? (
              <span lang="en">{found.message}</span>
            ) : found.word === "externalId" ? (
              t("externalId", { vendor: vendorNames[found.vendor] })
            ) : (
              t(found.word)
            )}
          </li>
        );
      })}
    </ul>
  );
}
