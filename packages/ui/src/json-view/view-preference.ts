export const views = ["tree", "table", "raw"] as const;
export type View = (typeof views)[number];

const key = "smarteros_result_view";

/** The view that a person used last in this tab. */
export function rememberedView(): View {
  try {
    return views.find((view) => view === sessionStorage.getItem(key)) ?? "tree";
  } catch {
    // On the server, and in browsers that block storage.
    return "tree";
  }
}

export function rememberView(view: View) {
  try {
    sessionStorage.setItem(key, view);
  } catch {
    // Then it is not remembered.
  }
}
