"use client";

import { loadResultView } from "@smarteros/ui/json-view/lazy-result-view.tsx";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useState,
  useSyncExternalStore,
} from "react";
import { useAuthorization } from "../../session/authorization.tsx";
import { callTool } from "../../tool-client/call-tool.ts";
import { isOpen, type Run, RunStore } from "./runs.ts";

const Context = createContext<RunStore | undefined>(undefined);

/** Holds the calls of this browser while its user moves between the pages of the console. */
export function RunsProvider({ children }: { children: ReactNode }) {
  const [store] = useState(() => new RunStore());
  return <Context.Provider value={store}>{children}</Context.Provider>;
}

const none: Readonly<Record<string, Run>> = {};

/** The last run of each tool, with what starts one and what cancels it. */
export function useRuns() {
  const store = useContext(Context);
  if (!store) throw new Error("useRuns needs a RunsProvider around it.");
  const authorization = useAuthorization();
  const runs = useSyncExternalStore(store.subscribe, store.snapshot, () => none);
  const start = useCallback(
    (tool: string, args: unknown) => {
      // The result view is loaded while the call runs; where that fails, the result's place shows it.
      loadResultView().catch(() => undefined);
      const call = (name: string, given: unknown, signal: AbortSignal) =>
        callTool(authorization, { name, args: given, signal });
      return store.start(call, tool, args);
    },
    [store, authorization],
  );
  const cancel = useCallback((run: Run) => store.cancel(run), [store]);
  return { runs, start, cancel };
}

/** Returns the call of any tool that ended last. */
export function useLastEnded(): Run | undefined {
  const { runs } = useRuns();
  return Object.values(runs)
    .filter((run) => !isOpen(run))
    .sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0))[0];
}
