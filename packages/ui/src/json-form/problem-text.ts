"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useCallback } from "react";
import { visibleText } from "../visible-text.ts";
import type { ArgumentProblem } from "./problem.ts";

const maxValues = 8;

/** Words problems in the user's language; those of a `TextCheck` by `customText`. */
export function useProblemText(customText: (code: string) => string) {
  const t = useTranslations("jsonForm");
  const format = useFormatter();
  return useCallback(
    ({ code, params }: ArgumentProblem): string => {
      if (code === "custom") return customText(params.custom ?? "");
      const oneOf = (list: string[]) => format.list(list, { type: "disjunction" });
      const values = params.values ?? [];
      const shown = values.slice(0, maxValues).map((value) => visibleText(JSON.stringify(value)));
      return t(`problem.${code}`, {
        expected: oneOf((params.expected ?? []).map((type) => kindIn(t, type))),
        values: oneOf(values.length > maxValues ? [...shown, "…"] : shown),
        format: formatIn(t, params.format ?? ""),
        limit: params.limit ?? 0,
      });
    },
    [t, format, customText],
  );
}

type Words = ReturnType<typeof useTranslations<"jsonForm">>;

/** A JSON Schema type in words: "un número". */
function kindIn(t: Words, type: string): string {
  const kinds = ["string", "number", "integer", "boolean", "object", "array", "null", "choice"] as const;
  const known = kinds.find((kind) => kind === type);
  return known ? t(`kind.${known}`) : type;
}

function formatIn(t: Words, name: string): string {
  const formats = ["uuid", "email", "uri", "date", "time", "date-time"] as const;
  const known = formats.find((format) => format === name);
  return known ? t(`format.${known}`) : t("format.other", { format: name });
}
