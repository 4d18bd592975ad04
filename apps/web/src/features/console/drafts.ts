export type Draft = { text: string; view: "form" | "json" };
export type Drafts = Readonly<Record<string, Draft>>;

export const emptyDraft: Draft = { text: "{}", view: "form" };

const keyOf = (userId: string) => `smarteros:drafts:${userId}`;

/** The arguments that this tab's user has begun to write, by tool. They leave the tab with its user, or when it closes. */
export function loadDrafts(userId: string): Drafts {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(userId)) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Drafts) : {};
  } catch {
    return {};
  }
}

/** Keeps drafts over a reload; where the browser has no room or no leave, they live in memory alone. */
export function keepDrafts(userId: string, drafts: Drafts) {
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith("smarteros:drafts:") && key !== keyOf(userId)) sessionStorage.removeItem(key);
    }
    sessionStorage.setItem(keyOf(userId), JSON.stringify(drafts));
  } catch {
    return;
  }
}
