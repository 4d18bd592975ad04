"use client";

import { type KeyboardEvent, useRef, useState } from "react";
import styles from "./health-page.module.css";

export type StripBar = { at: string; state: string; text: string };

/** Shows one bar per time bucket. Arrow keys choose one, which is described below. The strip is one tab stop. */
export function BarStrip({ label, bars }: { label: string; bars: StripBar[] }) {
  const [current, setCurrent] = useState(bars.length - 1);
  const list = useRef<HTMLUListElement>(null);

  function move(event: KeyboardEvent) {
    const steps: Record<string, number> = {
      ArrowLeft: current - 1,
      ArrowRight: current + 1,
      Home: 0,
      End: bars.length - 1,
    };
    const wanted = steps[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    list.current?.querySelectorAll("button")[Math.min(Math.max(wanted, 0), bars.length - 1)]?.focus();
  }

  return (
    <>
      <ul ref={list} className={styles.bars} aria-label={label} onKeyDown={move}>
        {bars.map(({ at, state, text }, index) => (
          <li key={at}>
            <button
              type="button"
              className={styles.mark}
              data-state={state}
              aria-label={text}
              title={text}
              tabIndex={index === current ? 0 : -1}
              onFocus={() => setCurrent(index)}
            />
          </li>
        ))}
      </ul>
      <p className={styles.said}>{bars[current]?.text}</p>
    </>
  );
}
