import { useConsole } from "../../../apps/web/e2e/use-console.ts";
import { type Row, row } from "../row.ts";
import type { Target } from "../target.ts";

const browser = "it takes a browser that is signed in: it is checked on the embedded default";

/** Runs one visit of the console by an operator and shares its findings. */
const visit = (target: Target) => target.once("console", () => useConsole(target.url, "operator-a"));

const seen = (name: string, what: "page" | "quickAction" | "json" | "copy" | "status"): Row =>
  row(
    name,
    async (target) => {
      const problem = (await visit(target))[what];
      if (problem) throw problem;
    },
    { embedded: browser },
  );

export const consoleRows: Row[] = [
  seen("console-page", "page"),
  seen("console-quick-actions", "quickAction"),
  seen("console-json", "json"),
  seen("console-copy", "copy"),
  seen("console-status", "status"),
];
export const consoleUsageRow: Row = seen("usage-console", "quickAction");
