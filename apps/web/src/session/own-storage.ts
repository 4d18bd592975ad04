const prefix = "smarteros:of:";

/** Names an entry of one user in the tab's storage. It is deleted when another user signs in or when the tab closes. */
export const ownKey = (userId: string, what: string) => `${prefix}${userId}:${what}`;

/** Deletes what this tab stores of other users. */
export function forgetOthers(userId: string) {
  try {
    for (const key of Object.keys(sessionStorage))
      if (key.startsWith(prefix) && !key.startsWith(ownKey(userId, ""))) sessionStorage.removeItem(key);
  } catch {
    // A browser that blocks storage has nothing to delete.
  }
}
