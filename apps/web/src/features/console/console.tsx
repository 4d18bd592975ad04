"use client";

import { setPreference } from "@smarteros/ui/preference.ts";
import { useShortcuts } from "@smarteros/ui/shortcuts.ts";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useCallback, useDeferredValue, useEffect, useRef, useState } from "react";
import type { CallLimit } from "../../tool-client/call-tool.ts";
import type { KnownTenant } from "../tool-arguments/known-tenant.ts";
import styles from "./console.module.css";
import { bringDraft, type Drafts, emptyDraft, keepDrafts, loadDrafts } from "./drafts.ts";
import { LimitProvider } from "./limit.tsx";
import { lastToolCookie } from "./preferences.ts";
import { useLastEnded } from "./runs-provider.tsx";
import { fragmentOf, readFragment, takeArrival } from "./share.ts";
import { Start } from "./start.tsx";
import type { ConsoleTool } from "./tool.ts";
import { ToolList } from "./tool-list.tsx";
import { Workbench } from "./workbench.tsx";

const keepAfterMs = 300;

type Props = {
  userId: string;
  tools: ConsoleTool[];
  tenants: KnownTenant[];
  /** False where the tenants could not be read. Calls that name one work without them. */
  tenantsRead: boolean;
  limit: CallLimit;
  /** The tool of the last visit, where its person still may call it. */
  lastTool: string | undefined;
  /** True where this deployment stores calls. */
  recorded: boolean;
};

/** The tool console: the catalog on the left, what is chosen on the right. */
export function Console({ userId, tools, tenants, tenantsRead, limit, lastTool, recorded }: Props) {
  const t = useTranslations("console");
  const router = useRouter();
  // Choosing a tool changes the last one: what counts is the one that this visit began with.
  const [first] = useState(lastTool);
  const [selected, setSelected] = useState(first);
  const [unknown, setUnknown] = useState<string>();
  const [drafts, setDrafts] = useState<Drafts>({});
  // The same for what comes from outside of React, and may come twice before it renders.
  const latest = useRef(drafts);
  // What its person wrote and other arguments have put aside, by tool.
  const [aside, setAside] = useState<Drafts>({});
  // The list answers a click at once; what it opens is drawn after that, and may be given up for the next one.
  const shown = useDeferredValue(selected);
  const tool = tools.find(({ name }) => name === shown);

  const write = useCallback((all: Drafts) => {
    latest.current = all;
    setDrafts(all);
  }, []);

  const choose = useCallback((name: string) => {
    setUnknown(undefined);
    setSelected(name);
    setPreference(lastToolCookie, name);
  }, []);

  const bring = useCallback(
    (name: string, text: string) => {
      const { drafts: all, aside: mine } = bringDraft(latest.current, name, text);
      write(all);
      if (mine) setAside((others) => ({ ...others, [name]: mine }));
    },
    [write],
  );

  const select = useCallback(
    (name: string, argumentsText?: string) => {
      if (argumentsText !== undefined) bring(name, argumentsText);
      choose(name);
      history.pushState(null, "", fragmentOf(name));
    },
    [bring, choose],
  );
  const leave = useCallback(() => {
    setUnknown(undefined);
    setSelected(undefined);
    history.pushState(null, "", location.pathname);
  }, []);

  const names = tools.map(({ name }) => name).join(" ");
  useEffect(() => {
    const known = names.split(" ");
    const follow = (hash: string) => {
      const { tool: name, argumentsText } = readFragment(hash);
      if (!name) {
        // Another fragment, such as that of a skip link, changes nothing.
        if (hash !== "") return;
        setUnknown(undefined);
        setSelected(undefined);
        return;
      }
      if (!known.includes(name)) {
        setSelected(undefined);
        return setUnknown(name);
      }
      choose(name);
      history.replaceState(null, "", fragmentOf(name));
      if (argumentsText !== undefined) bring(name, argumentsText);
    };
    write({ ...loadDrafts(userId), ...latest.current });
    follow(takeArrival() || (first ? fragmentOf(first) : ""));
    const followBack = () => follow(location.hash);
    // It comes late: the address may have been tidied by then.
    const followLink = ({ newURL }: HashChangeEvent) => follow(new URL(newURL).hash);
    addEventListener("popstate", followBack);
    addEventListener("hashchange", followLink);
    return () => {
      removeEventListener("popstate", followBack);
      removeEventListener("hashchange", followLink);
    };
  }, [userId, names, first, bring, choose, write]);

  useEffect(() => {
    if (Object.keys(drafts).length === 0) return;
    const timer = setTimeout(() => keepDrafts(userId, drafts), keepAfterMs);
    return () => clearTimeout(timer);
  }, [userId, drafts]);

  // What was typed last is not to wait where the page goes.
  useEffect(() => {
    const keep = () => keepDrafts(userId, latest.current);
    addEventListener("pagehide", keep);
    return () => {
      removeEventListener("pagehide", keep);
      keep();
    };
  }, [userId]);

  // The tenants offered as arguments are read again after each call that ended. A server that does not respond is not
  // asked: Next would replace the page by the browser's own error.
  const ended = useLastEnded();
  const changed =
    ended?.outcome?.ok &&
    tools.some(({ name, annotations }) => name === ended.tool && !annotations.readOnlyHint)
      ? ended.id
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
            stale={shown !== selected}
            tools={tools}
            tenants={tenants}
            recorded={recorded}
            draft={drafts[tool.name] ?? emptyDraft}
            onDraft={(draft) => write({ ...latest.current, [tool.name]: draft })}
            aside={aside[tool.name]}
            onAsideDone={() => setAside(({ [tool.name]: _had, ...others }) => others)}
            onSelect={select}
            onBack={leave}
          />
        ) : (
          <Start
            tools={tools}
            tenants={tenants}
            tenantsRead={tenantsRead}
            unknown={unknown}
            recorded={recorded}
            onSelect={select}
          />
        )}
      </div>
    </LimitProvider>
  );
}
