import type { Snapshot, Subject } from "@smarteros/tools-fastapi/provisioning-log";
import { useEffect, useState } from "react";
import { useAuthorization } from "../../session/authorization.tsx";
import { type Connection, subscribe } from "./subscribe.ts";

type Live = {
  snapshot: Snapshot;
  connection: Connection;
  /** When this state was last confirmed, in milliseconds since 1970. */
  readAt: number;
};

/**
 * Returns the state of services as it changes, beginning with that of the page. While the stream is connected, a page
 * that is read again is ignored: its data may be older.
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
      subscribe({ kind, id }, authorization, {
        hear: (heard) => setLive({ ...heard, readAt: Date.now() }),
        lose: () => setLive((last) => ({ ...last, connection: "stale" })),
      }),
    [kind, id, authorization],
  );
  return live;
}
