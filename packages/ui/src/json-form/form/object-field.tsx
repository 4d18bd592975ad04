"use client";

import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { visibleText } from "../../visible-text.ts";
import type { FieldProps } from "../field-props.ts";
import { isRecord } from "../schema.ts";
import type { Shape } from "../shape.ts";
import { decided } from "../start-value.ts";
import { useForm } from "./form-context.tsx";
import { Group } from "./group.tsx";
import { namesIn, ObjectFields } from "./object-fields.tsx";

type Props = FieldProps & { shape: Shape & { kind: "object" } };

// An object may contain objects of its own type; deeper ones are added by a button.
const deepest = 2;

/**
 * Edits an object. Showing an optional object does not add it: where none of its fields is required they are shown, and
 * filling in the first adds it; else a button adds it.
 */
export function ObjectField({ shape, ...props }: Props) {
  const t = useTranslations("jsonForm");
  const { root, set } = useForm();
  const { path, name, required } = props;
  const value = isRecord(props.value) ? props.value : undefined;
  const inviting = shape.required.size === 0 && shape.properties.length > 0;
  const open = value !== undefined || (path.length <= deepest && (required || inviting));
  const inner = open ? namesIn(shape, value ?? {}).map((key) => [...path, key]) : [];
  return (
    <Group {...props} inner={inner} removable={value !== undefined && !required}>
      {open ? (
        <ObjectFields
          shape={shape}
          path={path}
          value={value ?? {}}
          clear={required || value === undefined ? undefined : props.clear}
        />
      ) : (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} stroke={1.5} aria-hidden />}
          onClick={() => set(path, decided(shape, root))}
        >
          {t("add", { name: visibleText(name) })}
        </Button>
      )}
    </Group>
  );
}
