import type { Snapshot, Subject } from "@smarteros/tools-fastapi/provisioning-log";
import type { Authorization } from "../../session/authorization.tsx";
import { aboutSubject } from "./subject-address.ts";

/** The connection: a stream, polling, or none at present. */
export type Connection = "live" | "polling" | "stale";
export type Heard = { snapshot: Snapshot; connection: "live" | "polling" };

const pollMs = 3_000;
/** Pause after a stream with events has ended, as with the session's token. */
const reconnectMs = 1_000;
/** Pause after a proxy refused the stream. */
const refusedMs = 60_000;
/** By then the first event is there, or something holds it back. */
const timeoutMs = 6_000;

/**
 * Follows a tenant's services or a run while the page is visible: by a stream, and by polling where that fails. `hear`
 * gets each snapshot, `lose` is called without a response. Returns a function that stops it.
 */
export function subscribe(
  subject: Subject,
  authorization: Authorization,
  { hear, lose }: { hear(heard: Heard): void; lose(): void },
): () => void {
  let source: EventSource | undefined;
  let timers: ReturnType<typeof setTimeout>[] = [];
  /** Counts beginnings: what belongs to an earlier one is not heard any more. */
  let turn = 0;

  function rest() {
    turn += 1;
    source?.close();
    for (const timer of timers) clearTimeout(timer);
    timers = [];
  }

  function begin() {
    rest();
    if (document.visibilityState === "visible") void stream(turn);
  }

  async function stream(mine: number) {
    // With Clerk this also renews the cookie, which is all that an EventSource can bring.
    await authorization();
    if (mine !== turn) return;
    const opened = new EventSource(aboutSubject("/api/services/stream", subject));
    source = opened;
    let received = false;
    const fail = () => {
      if (mine !== turn) return;
      opened.close();
      void poll(mine);
      timers.push(setTimeout(begin, received ? reconnectMs : refusedMs));
    };
    const timeout = setTimeout(() => received || fail(), timeoutMs);
    timers.push(timeout);
    opened.onmessage = ({ data }) => {
      if (mine !== turn) return;
      received = true;
      clearTimeout(timeout);
      hear({ snapshot: JSON.parse(data), connection: "live" });
    };
    opened.onerror = () => {
      clearTimeout(timeout);
      fail();
    };
  }

  async function poll(mine: number) {
    const snapshot = await ask();
    if (mine !== turn) return;
    if (snapshot) hear({ snapshot, connection: "polling" });
    else lose();
    timers.push(setTimeout(() => void poll(mine), pollMs));
  }

  async function ask(): Promise<Snapshot | undefined> {
    try {
      const address = aboutSubject("/api/services", subject);
      const response = await fetch(address, { headers: await authorization(), cache: "no-store" });
      return response.ok ? await response.json() : undefined;
    } catch {
      return undefined;
    }
  }

  document.addEventListener("visibilitychange", begin);
  begin();
  return () => {
    document.removeEventListener("visibilitychange", begin);
    rest();
  };
}
