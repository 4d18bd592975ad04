import { ownKey } from "../../session/own-storage.ts";

/** Arguments as text; `brought` by a link, an action or the history, and not changed by their person since. */
export type Draft = { text: string; view: "form" | "json"; brought?: boolean };
export type Drafts = Readonly<Record<string, Draft>>;

export const emptyDraft: Draft = { text: "{}", view: "form" };

/** The drafts with arguments that come from elsewhere; `aside` is what a person had written in their place. */
export function bringDraft(drafts: Drafts, tool: string, text: string): { drafts: Drafts; aside?: Draft } {
  const mine = drafts[tool];
  const written = mine && !mine.brought && mine.text !== text && mine.text !== emptyDraft.text;
  return {
    drafts: { ...drafts, [tool]: { text, view: mine?.view ?? emptyDraft.view, brought: true } },
    ...(written ? { aside: mine } : {}),
  };
}

/** The arguments that this tab's user has begun to write, by tool. They leave the tab with its user, or when it closes. */
export function loadDrafts(userId: string): Drafts {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(ownKey(userId, "drafts")) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Drafts) : {};
  } catch {
    return {};
  }
}

/** Stores drafts across a reload; where the browser blocks storage or it is full, they stay in memory only. */
export function keepDrafts(userId: string, drafts: Drafts) {
  try {
    sessionStorage.setItem(ownKey(userId, "drafts"), JSON.stringify(drafts));
  } catch {
    return;
  }
}
