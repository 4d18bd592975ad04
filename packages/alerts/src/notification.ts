import * as z from "zod";

/** A notification as the outbox stores it: one of the engine, or a test. */
export const notification = z.object({
  kind: z.enum(["opened", "changed", "reminder", "resolved", "gap", "test"]),
  group: z.string(),
  at: z.string(),
  openedAt: z.string().optional(),
  subjects: z.array(z.object({ rule: z.string(), subject: z.string(), why: z.string() })).default([]),
});

export type Notification = z.infer<typeof notification>;
export type NotificationText = { title: string; text: string };

const openings: Record<Notification["kind"], string> = {
  opened: "Open",
  changed: "Still open, and more",
  reminder: "Still open",
  resolved: "Resolved",
  gap: "Nobody watched",
  test: "Test",
};

/** Renders a notification as plain text: a title of at most 200 characters, and a line of at most 500 per subject. */
export function textOf({ kind, group, at, openedAt, subjects }: Notification): NotificationText {
  const names = subjects.map(({ subject }) => subject).join(", ");
  const about = kind === "test" ? "this target is reached" : `${group}${names ? ` (${names})` : ""}`;
  const title = plain(`[SmarterOS] ${openings[kind]}: ${about}`, 200);
  const lines = subjects.map(({ rule, subject, why }) => plain(`${subject}: ${why} (rule ${rule})`, 500));
  const times = openedAt && openedAt !== at ? [`Since ${openedAt}.`] : [];
  return { title, text: [...lines, ...times, `Alert ${group}, ${at}`].join("\n") };
}

// A service chooses part of this text: control characters and line breaks must not reach a reader's screen.
function plain(text: string, limit: number): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}
