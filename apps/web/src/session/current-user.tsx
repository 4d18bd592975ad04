"use client";

import { createContext, type ReactNode, useContext, useEffect } from "react";
import { forgetOthers } from "./own-storage.ts";

const Context = createContext("");

/** Around everything that one user sees: for another, all of it starts afresh, and what the tab kept of them goes. */
export function Viewer({ userId, children }: { userId: string; children: ReactNode }) {
  useEffect(() => forgetOthers(userId), [userId]);
  return (
    <Context.Provider key={userId} value={userId}>
      {children}
    </Context.Provider>
  );
}

/** The id of the user whom this page was written for. */
export const useViewer = () => useContext(Context);

/**
 * Stands in every page: the frame around it was written before. Where somebody else signed in since, in another tab, the
 * page comes anew, and with it a frame that tells the truth.
 */
export function WrittenFor({ userId }: { userId: string }) {
  const framed = useViewer();
  useEffect(() => {
    if (framed !== userId) location.reload();
  }, [framed, userId]);
  return null;
}
