import * as z from "zod";
import type { Vendor } from "../vendors.ts";
import { type Faults, fault } from "./faults.ts";
import type { Conditions, VendorFakeKind } from "./vendor-fake.ts";

/** Where what a sandbox holds outlives its process. */
export type SandboxStore = {
  /** The text that was saved last; undefined where there is none. */
  load(vendor: Vendor): string | undefined;
  save(vendor: Vendor, text: string): void;
};

type Held = { state: unknown; conditions: Conditions; faults: Faults };

// Changes that follow so soon are written down together.
const togetherMs = 50;

/** Takes up what was kept of a sandbox, and keeps what becomes of it. Throws where it was kept and cannot be read. */
export function keepState(kind: VendorFakeKind, held: Held, store: SandboxStore | undefined) {
  const conditions = z.partialRecord(z.enum(Object.keys(kind.conditions)), z.boolean());
  const kept = z.object({ conditions, faults: z.array(fault), state: kind.state });
  const before = store?.load(kind.vendor);
  if (before !== undefined) {
    const { state, ...setUp } = read(kind.vendor, before, kept);
    held.state = state;
    Object.assign(held.conditions, setUp.conditions);
    for (const one of setUp.faults) held.faults.add(one);
  }

  let timer: NodeJS.Timeout | undefined;
  function save() {
    clearTimeout(timer);
    if (timer === undefined) return;
    timer = undefined;
    const encoded = z.encode(kept, { ...held, faults: [...held.faults.list()] });
    store?.save(kind.vendor, JSON.stringify(encoded));
  }
  return {
    /** Has it written down soon. */
    changed() {
      if (store) timer ??= setTimeout(save, togetherMs);
    },
    /** Writes down what is not yet. */
    save,
  };
}

function read<Kept extends z.ZodType>(vendor: Vendor, text: string, kept: Kept): z.output<Kept> {
  try {
    return kept.parse(JSON.parse(text));
  } catch {
    // Not the parser's own message: it could quote what is a secret of a tenant's.
    throw new Error(`What the sandbox of ${vendor} kept cannot be read: remove it to start afresh.`);
  }
}
