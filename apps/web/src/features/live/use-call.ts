import { useRouter } from "next/navigation";
import { useState } from "react";
import type { FailedCall } from "../../components/call-problem.tsx";
import { useAuthorization } from "../../session/authorization.tsx";
import { callTool } from "../../tool-client/call-tool.ts";

/** One call of a tool at a time from a button, and how the last one failed. */
export function useCall() {
  const router = useRouter();
  const authorization = useAuthorization();
  const [working, setWorking] = useState(false);
  const [failed, setFailed] = useState<FailedCall>();

  /** Resolves to the result, and to undefined where there is none. */
  async function call<Result>(name: string, args: object): Promise<Result | undefined> {
    if (working) return undefined;
    setWorking(true);
    setFailed(undefined);
    const outcome = await callTool(authorization, { name, args });
    setWorking(false);
    // The audit has a new row. Where nothing answers, Next would leave the page for the browser's own error.
    if (outcome.ok || outcome.code !== "unreachable") router.refresh();
    if (outcome.ok) return outcome.result as Result;
    setFailed(outcome);
    return undefined;
  }

  return { call, working, failed, forget: () => setFailed(undefined) };
}
