"use client";

import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { Complaint } from "../complaint.ts";
import { useComplaints } from "../complaints.ts";
import type { CustomField } from "../custom-field.ts";
import { setValue } from "../edit-text.ts";
import { keyOf, type Path, valueAt } from "../path.ts";
import type { Schema } from "../schema.ts";
import type { ArgumentsViewProps } from "../view.ts";

type Form = {
  root: Schema;
  disabled: boolean;
  fields: readonly CustomField[];
  /** Changes the text; edits in one event build on each other. */
  edit: (change: (text: string) => string) => void;
  /** Sets the value at a place, or takes it away where it is undefined. */
  set: (path: Path, value: unknown) => void;
  /** Returns the complaints at a place, and those below it that none of `children` shows. */
  complaintsAt: (path: Path, children?: Path[]) => Complaint[];
  /** Shows the complaints of the place from now on. */
  reveal: (path: Path) => void;
  showJson: () => void;
  /** Counts how often the arguments were replaced from elsewhere. */
  generation: number;
};

const Context = createContext<Form | undefined>(undefined);

export function useForm(): Form {
  const form = useContext(Context);
  if (!form) throw new Error("A field stands in a form.");
  return form;
}

type Props = ArgumentsViewProps & { showJson: () => void; children: ReactNode };

export function FormProvider({ children, ...props }: Props) {
  const { schema, parsed, text, onChange, disabled, fields, tried, showJson } = props;
  const complaints = useComplaints(props);
  const latest = useRef(text);
  latest.current = text;
  const [revealed, setRevealed] = useState<ReadonlySet<string>>(new Set());
  // Wrong values from elsewhere show their problems immediately; missing ones do when they are left.
  const [known, setKnown] = useState<{ text: string; generation: number }>();
  if (text !== known?.text) {
    setKnown({ text, generation: (known?.generation ?? 0) + 1 });
    const value = parsed.ok ? parsed.value : undefined;
    const wrong = complaints.filter(({ at }) => valueAt(value, at) !== undefined).map(({ at }) => keyOf(at));
    setRevealed(new Set([...revealed, ...wrong]));
  }
  const settled = usePressSettled();
  const generation = known?.generation ?? 0;

  const form = useMemo((): Form => {
    const visible = complaints.filter(
      ({ at, from }) => tried || from === "server" || revealed.has(keyOf(at)),
    );
    function edit(change: (text: string) => string) {
      latest.current = change(latest.current);
      setKnown({ text: latest.current, generation });
      onChange(latest.current);
    }
    return {
      root: schema,
      disabled,
      fields,
      edit,
      set: (path, value) => edit((before) => setValue(before, path, value)),
      complaintsAt: (path, inner = []) =>
        visible.filter(({ at }) => isWithin(at, path) && !inner.some((child) => isWithin(at, child))),
      reveal: (path) =>
        settled(() =>
          setRevealed((before) => (before.has(keyOf(path)) ? before : new Set([...before, keyOf(path)]))),
        ),
      showJson,
      generation,
    };
  }, [complaints, schema, tried, revealed, disabled, fields, onChange, showJson, generation, settled]);
  return <Context value={form}>{children}</Context>;
}

/**
 * Calls at once, or once the pointer that is down is up again: a field that is left by pressing a button must not push
 * that button away from under the pointer by saying what is wrong.
 */
function usePressSettled() {
  const pressed = useRef(false);
  useEffect(() => {
    const ended = new AbortController();
    const options = { capture: true, signal: ended.signal };
    const press = (down: boolean) => () => {
      pressed.current = down;
    };
    document.addEventListener("pointerdown", press(true), options);
    document.addEventListener("pointerup", press(false), options);
    document.addEventListener("pointercancel", press(false), options);
    return () => ended.abort();
  }, []);
  return useCallback((call: () => void) => {
    if (!pressed.current) return call();
    const later = () => setTimeout(call);
    document.addEventListener("pointerup", later, { once: true });
    document.addEventListener("pointercancel", later, { once: true });
  }, []);
}

function isWithin(at: Path, path: Path) {
  return at.length >= path.length && path.every((segment, index) => String(at[index]) === String(segment));
}
