"use client";

import type { Path } from "../path.ts";
import type { Schema } from "../schema.ts";
import type { Shape } from "../shape.ts";
import { Field } from "./field.tsx";
import styles from "./form.module.css";
import { useForm } from "./form-context.tsx";
import { NewKey } from "./new-key.tsx";
import { RecordEntry } from "./record-entry.tsx";

type ObjectShape = Shape & { kind: "object" };
type Props = {
  shape: ObjectShape;
  path: Path;
  value: Record<string, unknown>;
  /** Removes the object itself; absent where another button does. */
  clear?: (() => void) | undefined;
};

const anything: Schema = {};

/** The fields of an object: those of its schema, then every other key that it has, known to the schema or not. */
export function ObjectFields({ shape, path, value, clear }: Props) {
  const { set } = useForm();
  const names = new Set(shape.properties.map(([key]) => key));
  const others = Object.keys(value).filter((key) => !names.has(key));

  function clearKey(key: string) {
    const last = Object.keys(value).every((own) => own === key);
    if (last && clear) clear();
    else set([...path, key], undefined);
  }

  return (
    <div className={styles.fields}>
      {shape.properties.map(([key, schema]) => (
        <Field
          key={key}
          schema={schema}
          path={[...path, key]}
          value={Object.hasOwn(value, key) ? value[key] : undefined}
          name={key}
          named
          required={shape.required.has(key)}
          clear={() => clearKey(key)}
        />
      ))}
      {others.map((key, index) => (
        <RecordEntry
          // A key that is renamed stays in its place, and so does the caret.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          key={`other ${index}`}
          schema={shape.rest ?? anything}
          path={path}
          name={key}
          value={value[key]}
          renamable={shape.rest !== undefined}
          remove={() => clearKey(key)}
        />
      ))}
      {shape.rest && <NewKey schema={shape.rest} path={path} value={value} />}
    </div>
  );
}

/** The keys that have a field of their own. */
export function namesIn(shape: ObjectShape, value: Record<string, unknown>): string[] {
  return [...new Set([...shape.properties.map(([key]) => key), ...Object.keys(value)])];
}
