"use client";

import { Button } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { KeyboardEvent } from "react";
import { isRecord } from "../schema.ts";
import { shapeOf } from "../shape.ts";
import type { ArgumentsViewProps } from "../view.ts";
import { Complaints } from "./complaints.tsx";
import styles from "./form.module.css";
import { FormProvider } from "./form-context.tsx";
import { ObjectFields } from "./object-fields.tsx";

type Props = ArgumentsViewProps & { showJson: () => void };

/** The arguments as a form. Every change is one edit of the text; what has no field stays as it is. */
export function FormView(props: Props) {
  const { schema, parsed, onRun, disabled } = props;
  const shape = shapeOf(schema, schema);
  if (!parsed.ok) return <Unshown {...props} reason="syntax" line={parsed.line} column={parsed.column} />;
  if (shape.kind !== "object" || !isRecord(parsed.value)) return <Unshown {...props} reason="shape" />;
  if (!isSmall(parsed.value)) return <Unshown {...props} reason="size" />;

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      onRun();
    } else if (!event.shiftKey && event.target instanceof HTMLTextAreaElement) {
      event.preventDefault();
    }
  }

  return (
    <FormProvider {...props}>
      <fieldset className={styles.form} disabled={disabled} onKeyDown={onKeyDown}>
        <RootComplaints names={shape.properties.map(([name]) => name)} value={parsed.value} />
        <ObjectFields shape={shape} path={[]} value={parsed.value} />
      </fieldset>
    </FormProvider>
  );
}

function RootComplaints({ names, value }: { names: string[]; value: Record<string, unknown> }) {
  const keys = [...new Set([...names, ...Object.keys(value)])];
  return <Complaints path={[]} inner={keys.map((key) => [key])} />;
}

type Reason = { reason: "syntax"; line: number; column: number } | { reason: "shape" | "size" };

/** Explains why there is no form, with a button to the JSON view. */
function Unshown({ showJson, ...why }: Props & Reason) {
  const t = useTranslations("jsonForm");
  return (
    <div className={styles.unshown}>
      <p role="status">
        {why.reason === "syntax"
          ? t("unshown.syntax", { line: why.line, column: why.column })
          : t(`unshown.${why.reason}`)}
      </p>
      <Button variant="default" onClick={showJson}>
        {t("showJson")}
      </Button>
    </div>
  );
}

const maxValues = 500;

/** Decides whether a form of this value stays usable: it has a field for each of its parts. */
function isSmall(value: unknown) {
  let count = 0;
  const waiting = [value];
  while (waiting.length > 0 && count <= maxValues) {
    const next = waiting.pop();
    count += 1;
    if (typeof next === "object" && next !== null)
      waiting.push(...Object.values(next).slice(0, maxValues + 1));
  }
  return count <= maxValues;
}
