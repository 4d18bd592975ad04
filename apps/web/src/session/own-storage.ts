const prefix = "smarteros:of:";

/** Where this tab keeps something of one user's. It leaves the tab when another user comes, or when the tab closes. */
export const ownKey = (userId: string, what: string) => `${prefix}${userId}:${what}`;

/** Takes from this tab what it keeps of anybody but this user. */
export function forgetOthers(userId: string) {
  try {
    for (const key of Object.keys(sessionStorage))
      if (key.startsWith(prefix) && !key.startsWith(ownKey(userId, ""))) sessionStorage.removeItem(key);
  } catch {
    // A browser that keeps nothing for a site has nothing to forget.
  }
}
