import * as z from "zod";
import type { Vendor } from "../vendors.ts";
import { type Faults, fault } from "./faults.ts";
import type { Conditions, VendorFakeKind } from "./vendor-fake.ts";

/** Storage for the state of sandboxes. */
export type SandboxStore = {
  /** Returns the text that was saved last; undefined if there is none. */
  load(vendor: Vendor): string | undefined;
  save(vendor: Vendor, text: string): void;
};

type SandboxState = { state: unknown; conditions: Conditions; faults: Faults };

// Changes within this time are saved together.
const batchMs = 50;

/** Restores the stored state of a sandbox and saves its changes. Throws when the stored state cannot be read. */
export function persistState(kind: VendorFakeKind, current: SandboxState, store: SandboxStore | undefined) {
  const conditions = z.partialRecord(z.enum(Object.keys(kind.conditions)), z.boolean());
  const schema = z.object({ conditions, faults: z.array(fault), state: kind.state });
  const before = store?.load(kind.vendor);
  if (before !== undefined) {
    const { state, ...setUp } = read(kind.vendor, before, schema);
    current.state = state;
    Object.assign(current.conditions, setUp.conditions);
    for (const one of setUp.faults) current.faults.add(one);
  }

  let timer: NodeJS.Timeout | undefined;
  function save() {
    clearTimeout(timer);
    if (timer === undefined) return;
    timer = undefined;
    const encoded = z.encode(schema, { ...current, faults: [...current.faults.list()] });
    store?.save(kind.vendor, JSON.stringify(encoded));
  }
  return {
    /** Schedules a save. */
    changed() {
      if (store) timer ??= setTimeout(save, batchMs);
    },
    /** Saves pending changes. */
    save,
  };
}

function read<Schema extends z.ZodType>(vendor: Vendor, text: string, schema: Schema): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    // Without the parser's message, which could quote a tenant's secret.
    throw new Error(`What the sandbox of ${vendor} kept cannot be read: remove it to start afresh.`);
  }
}
