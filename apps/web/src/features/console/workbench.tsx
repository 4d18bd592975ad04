"use client";

import { Button } from "@mantine/core";
import type { RecentInvocation } from "@smarteros/observability";
import { IconArrowLeft } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { type CSSProperties, useState } from "react";
import type { KnownTenant } from "../tool-arguments/known-tenant.ts";
import { ArgumentsPane } from "./arguments-pane.tsx";
import styles from "./console.module.css";
import { Divider } from "./divider.tsx";
import type { Draft } from "./drafts.ts";
import { Hints } from "./hints.tsx";
import { History } from "./history.tsx";
import { PastCall } from "./past-call.tsx";
import { ResultPane } from "./result-pane.tsx";
import { isOpen } from "./runs.ts";
import { useRuns } from "./runs-provider.tsx";
import type { ConsoleTool } from "./tool.ts";

type Props = {
  tool: ConsoleTool;
  /** True while another tool is loading: clicks until then must not act on this one. */
  stale: boolean;
  tools: ConsoleTool[];
  tenants: KnownTenant[];
  recorded: boolean;
  draft: Draft;
  onDraft: (draft: Draft) => void;
  /** The draft that other arguments have replaced. */
  aside: Draft | undefined;
  onAsideDone: () => void;
  onSelect: (name: string, argumentsText?: string) => void;
  onBack: () => void;
};

const panes = ["arguments", "result", "history"] as const;

/** One tool: its arguments, its result and what was called before, side by side or, on a phone, in turn. */
export function Workbench(props: Props) {
  const { tool, stale, tools, tenants, recorded, draft, onSelect, onBack } = props;
  const t = useTranslations("console");
  const { runs } = useRuns();
  // Who comes by a quick action, or comes back to a call, looks for what it brought.
  const [pane, setPane] = useState<(typeof panes)[number]>(runs[tool.name] ? "result" : "arguments");
  // A link that is followed from a result brings arguments that the user has to see.
  const [brought, setBrought] = useState(draft.text);
  if (draft.brought && draft.text !== brought) {
    setBrought(draft.text);
    const run = runs[tool.name];
    if (!run || !isOpen(run)) setPane("arguments");
  }
  const [share, setShare] = useState(50);
  const [past, setPast] = useState<RecentInvocation>();

  return (
    <section
      inert={stale}
      className={styles.workbench}
      data-pane={pane}
      style={{ "--share": `${share}%` } as CSSProperties}
    >
      <header className={styles.toolHead}>
        <Button
          className={styles.back}
          variant="subtle"
          leftSection={<IconArrowLeft size={16} aria-hidden />}
          onClick={onBack}
        >
          {t("list.back")}
        </Button>
        <h2>
          <code>{tool.name}</code>
        </h2>
        <Hints tool={tool} />
        <p lang="en">{tool.description}</p>
      </header>
      <fieldset className={styles.paneChoice} aria-label={t("panes")}>
        {panes.map((one) => (
          <button key={one} type="button" aria-pressed={pane === one} onClick={() => setPane(one)}>
            {t(one)}
          </button>
        ))}
      </fieldset>
      <div className={styles.panes}>
        <ArgumentsPane
          {...props}
          onRun={() => {
            setPast(undefined);
            setPane("result");
          }}
        />
        <Divider share={share} onShare={setShare} />
        <div className={styles.right}>
          {past ? <PastCall call={past} onClose={() => setPast(undefined)} /> : <ResultPane tool={tool} />}
          <History
            tools={tools}
            tenants={tenants}
            recorded={recorded}
            onSelect={(name, text) => {
              setPast(undefined);
              setPane("result");
              onSelect(name, text);
            }}
            onOpen={(call) => {
              setPast(call);
              setPane("result");
            }}
          />
        </div>
      </div>
    </section>
  );
}
