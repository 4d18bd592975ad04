import type { RecentInvocation } from "@smarteros/observability";
import { useEffect, useRef } from "react";
import useSWR from "swr";
import { useAuthorization } from "../../session/authorization.tsx";
import { useCurrentUser } from "../../session/current-user.tsx";
import { useLastEnded } from "./runs-provider.tsx";

const address = "/api/mcp/invocations/recent";
// A read is stored in a batch after its answer: by then it is there.
const storedAfterMs = 400;

/**
 * The caller's last calls, read again after each call of this page and every 20 s, and whether the backend answers.
 * What was read last stays while reading fails.
 */
export function useRecentCalls() {
  const authorization = useAuthorization();
  const viewer = useCurrentUser();
  const readAt = useRef(0);
  const { data, error, mutate } = useSWR(
    // The user is part of the key: one user's calls are never shown to another.
    [address, viewer],
    async () => {
      const response = await fetch(address, { headers: await authorization(), cache: "no-store" });
      if (!response.ok) throw new Error(`${response.status}`);
      const { items }: { items: RecentInvocation[] } = await response.json();
      readAt.current = Date.now();
      return items;
    },
    { refreshInterval: 20_000, keepPreviousData: true },
  );
  const { data: health } = useSWR(
    "/api/health",
    async (url): Promise<{ backend?: { ok: boolean } }> => (await fetch(url, { cache: "no-store" })).json(),
    { refreshInterval: 30_000 },
  );
  const ended = useLastEnded()?.id;
  useEffect(() => {
    if (!ended) return;
    const timer = setTimeout(() => void mutate(), storedAfterMs);
    return () => clearTimeout(timer);
  }, [ended, mutate]);
  return {
    calls: data,
    failed: error !== undefined,
    readAt: readAt.current,
    backendDown: health?.backend?.ok === false,
  };
}
