"use client";

import { createContext, type ReactNode, useContext, useEffect } from "react";
import { forgetOthers } from "./own-storage.ts";

const Context = createContext("");

/** Wraps everything that one user sees: for another user it is mounted again, and the tab's stored data is deleted. */
export function CurrentUser({ userId, children }: { userId: string; children: ReactNode }) {
  useEffect(() => forgetOthers(userId), [userId]);
  return (
    <Context.Provider key={userId} value={userId}>
      {children}
    </Context.Provider>
  );
}

/** Returns the id of the user whom this page was rendered for. */
export const useCurrentUser = () => useContext(Context);

/**
 * Is part of every page, because the frame around it was rendered earlier. Reloads the page where another user signed in
 * since, in another tab.
 */
export function RenderedFor({ userId }: { userId: string }) {
  const framed = useCurrentUser();
  useEffect(() => {
    if (framed !== userId) location.reload();
  }, [framed, userId]);
  return null;
}
