import { useCallback, useEffect, useMemo, useState } from "react";
import { finder, type Match } from "./find.ts";
import type { JsonDocument } from "./json-document.ts";

/** A search of a result; `done` is false while it runs, `complete` is true where it covered the whole document. */
export type Search = {
  text: string;
  matches: readonly Match[];
  /** The index of the match that is looked at. */
  current: number;
  done: boolean;
  complete: boolean;
};

const none: Search = { text: "", matches: [], current: 0, done: true, complete: true };

/** A slice of work that leaves the browser most of a frame. */
const sliceMs = 8;

/** Searches a document in slices, so that typing is never held up. */
export function useSearch(document: JsonDocument) {
  const [text, setText] = useState("");
  const [search, setSearch] = useState(none);
  // Created by the first search, which folds the texts.
  const find = useMemo(() => finder(document), [document]);

  useEffect(() => {
    if (!text) {
      setSearch(none);
      return;
    }
    const matches: Match[] = [];
    const steps = find(text, matches);
    let timer = setTimeout(slice);
    function slice() {
      const until = performance.now() + sliceMs;
      let step = steps.next();
      while (!step.done && performance.now() < until) step = steps.next();
      if (step.done) setSearch({ text, matches, current: 0, done: true, complete: step.value });
      else timer = setTimeout(slice);
    }
    return () => clearTimeout(timer);
  }, [find, text]);

  const move = useCallback((by: 1 | -1) => {
    setSearch((now) => {
      const total = now.matches.length;
      return total === 0 ? now : { ...now, current: (now.current + by + total) % total };
    });
  }, []);
  return { text, setText, search: text === search.text ? search : { ...search, done: false }, move };
}
