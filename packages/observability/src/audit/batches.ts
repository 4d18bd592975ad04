import type { AuditStore, StoredInvocation } from "@smarteros/core";

const maxRows = 100;
const waitMs = 100;

type Batch = { rows: StoredInvocation[]; stored: Promise<void> };

/**
 * Collects rows for up to 100 ms and writes them together: a hundred of them cost a database little more than one. Resolves
 * for each row when its batch is written.
 */
export function createBatches(write: (rows: StoredInvocation[], store: AuditStore) => Promise<void>) {
  const open = new Map<AuditStore, Batch>();

  function begin(store: AuditStore): Batch {
    const rows: StoredInvocation[] = [];
    const ripe = Promise.withResolvers<void>();
    setTimeout(ripe.resolve, waitMs);
    const batch: Batch = {
      rows,
      stored: ripe.promise.then(() => {
        if (open.get(store) === batch) open.delete(store);
        return write(rows, store);
      }),
    };
    open.set(store, batch);
    return batch;
  }

  return (row: StoredInvocation, store: AuditStore): Promise<void> => {
    const current = open.get(store);
    const batch = current && current.rows.length < maxRows ? current : begin(store);
    batch.rows.push(row);
    return batch.stored;
  };
}
