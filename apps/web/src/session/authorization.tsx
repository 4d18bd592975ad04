"use client";

import { createContext, type ReactNode, useContext } from "react";

/** Returns the headers that authenticate a request; empty where the session cookie does. */
export type Authorization = () => Promise<Record<string, string>>;

const Context = createContext<Authorization>(async () => ({}));

/**
 * Provides how this page authenticates its calls: by Bearer with Clerk, whose cookie may be a minute old, else by
 * cookie.
 */
export function AuthorizationProvider({ value, children }: { value: Authorization; children: ReactNode }) {
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export const useAuthorization = () => useContext(Context);
