import { useEffect, useState } from "react";

const loaded = new WeakMap<object, unknown>();

/**
 * Loads a module when it is first needed. `load` is a function outside of the component, such as `() =>
 * import("./editor.tsx")`. Not a suspense boundary, because React shows a fallback for at least 300 ms.
 */
export function useLazyModule<Code>(load: () => Promise<Code>): { code?: Code; failed: boolean } {
  const [state, setState] = useState<{ code?: Code; failed: boolean }>(() => ({
    ...(loaded.has(load) ? { code: loaded.get(load) as Code } : {}),
    failed: false,
  }));
  useEffect(() => {
    // It may have come for another between the first rendering and now.
    if (loaded.has(load)) {
      setState((now) => (now.code ? now : { code: loaded.get(load) as Code, failed: false }));
      return;
    }
    let shown = true;
    load().then(
      (code) => {
        loaded.set(load, code);
        if (shown) setState({ code, failed: false });
      },
      () => shown && setState({ failed: true }),
    );
    return () => {
      shown = false;
    };
  }, [load]);
  return state;
}
