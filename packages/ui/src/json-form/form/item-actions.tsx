"use client";

import { ActionIcon } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconX } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import styles from "./form.module.css";

type Props = {
  index: number;
  up: boolean;
  down: boolean;
  onMove: (from: number, to: number) => void;
  onRemove: (index: number) => void;
};

/** Buttons that move and remove an item of a list. */
export function ItemActions({ index, up, down, onMove, onRemove }: Props) {
  const t = useTranslations("jsonForm");
  const name = t("item", { position: index + 1 });
  const shared = { variant: "subtle", color: "gray" } as const;
  return (
    <div className={styles.drop}>
      {up && (
        <ActionIcon
          {...shared}
          data-move={`up ${index}`}
          aria-label={t("moveUp", { name })}
          onClick={() => onMove(index, index - 1)}
        >
          <IconArrowUp size={16} stroke={1.5} aria-hidden />
        </ActionIcon>
      )}
      {down && (
        <ActionIcon
          {...shared}
          data-move={`down ${index}`}
          aria-label={t("moveDown", { name })}
          onClick={() => onMove(index, index + 1)}
        >
          <IconArrowDown size={16} stroke={1.5} aria-hidden />
        </ActionIcon>
      )}
      <ActionIcon
        {...shared}
        data-remove={index}
        aria-label={t("remove", { name })}
        onClick={() => onRemove(index)}
      >
        <IconX size={16} stroke={1.5} aria-hidden />
      </ActionIcon>
    </div>
  );
}
