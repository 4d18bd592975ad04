"use client";

import { createContext, type ReactNode, useContext } from "react";

/** Headers that say who calls. Empty where the session cookie alone says it. */
export type Authorization = () => Promise<Record<string, string>>;

const Context = createContext<Authorization>(async () => ({}));

/** How this page's calls say who calls: by Bearer with Clerk, whose cookie may be a minute old, else by the cookie. */
export function AuthorizationProvider({ value, children }: { value: Authorization; children: ReactNode }) {
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export const useAuthorization = () => useContext(Context);
