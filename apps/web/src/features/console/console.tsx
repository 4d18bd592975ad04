"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useCallback, useDeferredValue, useEffect, useState } from "react";
import type { CallLimit } from "../calls/call-tool.ts";
import { setPreference } from "../shell/preference.ts";
import { useShortcuts } from "../shell/shortcuts.ts";
import styles from "./console.module.css";
import { type Draft, type Drafts, emptyDraft, keepDrafts, loadDrafts } from "./drafts.ts";
import { LimitProvider } from "./limit.tsx";
import { lastToolCookie } from "./preferences.ts";
import { useLastEnded } from "./runs-provider.tsx";
import { fragmentOf, readFragment } from "./share.ts";
import { Start } from "./start.tsx";
import type { ConsoleTool, KnownTenant } from "./tool.ts";
import { ToolList } from "./tool-list.tsx";
import { Workbench } from "./workbench.tsx";

type Props = {
  userId: string;
  tools: ConsoleTool[];
  tenants: KnownTenant[];
  limit: CallLimit;
  /** The tool of the last visit, where its person still may call it. */
  lastTool: string | undefined;
  /** Whether this deployment stores calls. */
  recorded: boolean;
};

/** The tool console: the catalog on the left, what is chosen on the right. */
export function Console({ userId, tools, tenants, limit, lastTool, recorded }: Props) {
  const t = useTranslations("console");
  const router = useRouter();
  const [selected, setSelected] = useState(lastTool);
  const [unknown, setUnknown] = useState<string>();
  const [drafts, setDrafts] = useState<Drafts>({});
  // The draft that a link's arguments have put aside.
  const [setAside, setSetAside] = useState<{ tool: string; draft: Draft }>();
  // The list answers a click at once; what it opens is drawn after that, and may be given up for the next one.
  const shown = useDeferredValue(selected);
  const tool = tools.find(({ name }) => name === shown);

  const choose = useCallback((name: string) => {
    setUnknown(undefined);
    setSelected(name);
    setPreference(lastToolCookie, name);
  }, []);

  /** Puts arguments from elsewhere where a draft may be: it can be had back. */
  const bring = useCallback((name: string, text: string) => {
    setDrafts((all) => {
      const mine = all[name];
      if (mine && mine.text !== text && mine.text !== emptyDraft.text)
        setSetAside({ tool: name, draft: mine });
      return { ...all, [name]: { ...emptyDraft, ...mine, text } };
    });
  }, []);

  const select = useCallback(
    (name: string, argumentsText?: string) => {
      if (argumentsText !== undefined) bring(name, argumentsText);
      choose(name);
      history.pushState(null, "", fragmentOf(name));
    },
    [bring, choose],
  );
  const leave = useCallback(() => setSelected(undefined), []);

  useEffect(() => {
    const kept = loadDrafts(userId);
    setDrafts((written) => ({ ...kept, ...written }));
    const follow = () => {
      const { tool: name, argumentsText } = readFragment(location.hash);
      if (!name) return;
      if (!tools.some((candidate) => candidate.name === name)) {
        setSelected(undefined);
        return setUnknown(name);
      }
      choose(name);
      if (argumentsText === undefined) return;
      history.replaceState(null, "", fragmentOf(name));
      bring(name, argumentsText);
    };
    follow();
    addEventListener("hashchange", follow);
    addEventListener("popstate", follow);
    return () => {
      removeEventListener("hashchange", follow);
      removeEventListener("popstate", follow);
    };
  }, [userId, tools, bring, choose]);

  useEffect(() => {
    if (Object.keys(drafts).length === 0) return;
    const keep = () => keepDrafts(userId, drafts);
    const timer = setTimeout(keep, 300);
    addEventListener("pagehide", keep);
    return () => {
      clearTimeout(timer);
      removeEventListener("pagehide", keep);
    };
  }, [userId, drafts]);

  // The tenants that are offered, and named before one is removed, follow what calls have changed.
  const ended = useLastEnded();
  const changed = tools.some(({ name, annotations }) => name === ended?.tool && !annotations.readOnlyHint)
    ? ended?.id
    : undefined;
  useEffect(() => {
    if (changed) router.refresh();
  }, [changed, router]);

  useShortcuts({
    "/": () => document.querySelector<HTMLElement>("[data-tool-search]")?.focus(),
    j: () => step(1),
    k: () => step(-1),
  });

  function step(by: number) {
    const place = tools.findIndex(({ name }) => name === selected);
    const next = tools[Math.min(Math.max(place + by, 0), tools.length - 1)];
    if (next) select(next.name);
  }

  return (
    <LimitProvider initial={limit}>
      <div className={styles.console} data-chosen={tool || unknown ? "" : undefined}>
        <h1 className="visually-hidden">{t("title")}</h1>
        <ToolList tools={tools} selected={selected} onSelect={select} onLeave={leave} />
        {tool ? (
          <Workbench
            key={tool.name}
            tool={tool}
            tools={tools}
            tenants={tenants}
            recorded={recorded}
            draft={drafts[tool.name] ?? emptyDraft}
            onDraft={(draft) => setDrafts((all) => ({ ...all, [tool.name]: draft }))}
            aside={setAside?.tool === tool.name ? setAside.draft : undefined}
            onAsideDone={() => setSetAside(undefined)}
            onSelect={select}
            onBack={leave}
          />
        ) : (
          <Start tools={tools} tenants={tenants} unknown={unknown} recorded={recorded} onSelect={select} />
        )}
      </div>
    </LimitProvider>
  );
}
