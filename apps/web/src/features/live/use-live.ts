import { useEffect, useState } from "react";
import { useAuthorization } from "../../session/authorization.tsx";
import type { Snapshot } from "./rows.ts";
import type { Subject } from "./subject-address.ts";
import { type Connection, watch } from "./subscribe.ts";

type Live = {
  snapshot: Snapshot;
  connection: Connection;
  /** When it was last heard that it stands so, in milliseconds of the wall clock. */
  readAt: number;
};

/**
 * How services stand, as it changes; first as the page was written with. While it is being told, a page that is read
 * again is not listened to: it may have been read before what was heard last.
 */
export function useLive({ kind, id }: Subject, initial: Snapshot, written: number): Live {
  const authorization = useAuthorization();
  const [given, setGiven] = useState(initial);
  const [live, setLive] = useState<Live>({ snapshot: initial, connection: "polling", readAt: written });
  if (initial !== given) {
    setGiven(initial);
    if (live.connection !== "live") setLive({ ...live, snapshot: initial, readAt: written });
  }
  useEffect(
    () =>
      watch({ kind, id }, authorization, {
        hear: (heard) => setLive({ ...heard, readAt: Date.now() }),
        lose: () => setLive((last) => ({ ...last, connection: "stale" })),
      }),
    [kind, id, authorization],
  );
  return live;
}
