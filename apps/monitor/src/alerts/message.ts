import * as z from "zod";

/** What is told, as the outbox keeps it: a notification of the engine, or a test. */
export const told = z.object({
  kind: z.enum(["opened", "changed", "reminder", "resolved", "gap", "test"]),
  group: z.string(),
  at: z.string(),
  openedAt: z.string().optional(),
  subjects: z.array(z.object({ rule: z.string(), subject: z.string(), why: z.string() })).default([]),
});

type Told = z.infer<typeof told>;
export type Letter = { title: string; text: string };

const openings: Record<Told["kind"], string> = {
  opened: "Open",
  changed: "Still open, and more",
  reminder: "Still open",
  resolved: "Resolved",
  gap: "Nobody watched",
  test: "Test",
};

/** What people read, without markup. */
export function letterOf({ kind, group, at, openedAt, subjects }: Told): Letter {
  const names = subjects.map(({ subject }) => subject).join(", ");
  const about = kind === "test" ? "this target is reached" : `${group}${names ? ` (${names})` : ""}`;
  const title = plain(`[SmarterOS] ${openings[kind]}: ${about}`, 200);
  const lines = subjects.map(({ rule, subject, why }) => plain(`${subject}: ${why} (rule ${rule})`, 500));
  const times = openedAt && openedAt !== at ? [`Since ${openedAt}.`] : [];
  return { title, text: [...lines, ...times, `Alert ${group}, ${at}`].join("\n") };
}

/** The same as Slack reads it, where three characters have a meaning. */
export function slackBody({ title, text }: Letter): string {
  const escaped = `*${title}*\n${text}`.replace(
    /[&<>]/g,
    (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[character] ?? "",
  );
  return JSON.stringify({ text: escaped });
}

// What a service says of itself is in here: one line of it, and nothing that steers a reader's screen.
function plain(text: string, limit: number): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}
