"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useCallback } from "react";
import { visibleText } from "../invisible.ts";
import type { ArgumentProblem } from "./problem.ts";

const mostValues = 8;

/** How a problem is told, in the viewer's language. */
export function useProblemText() {
  const t = useTranslations("arguments");
  const format = useFormatter();
  return useCallback(
    ({ code, params }: ArgumentProblem): string => {
      const oneOf = (list: string[]) => format.list(list, { type: "disjunction" });
      const values = params.values ?? [];
      const shown = values.slice(0, mostValues).map((value) => visibleText(JSON.stringify(value)));
      return t(`problem.${code}`, {
        expected: oneOf((params.expected ?? []).map((type) => kindIn(t, type))),
        values: oneOf(values.length > mostValues ? [...shown, "…"] : shown),
        format: formatIn(t, params.format ?? ""),
        limit: params.limit ?? 0,
      });
    },
    [t, format],
  );
}

type Words = ReturnType<typeof useTranslations<"arguments">>;

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
