import { useRouter } from "next/navigation";
import { useState } from "react";
import type { FailedCall } from "../../components/call-problem.tsx";
import { useAuthorization } from "../../session/authorization.tsx";
import { callTool } from "../../tool-client/call-tool.ts";
import { type Adoption, batchesOf, keyOf } from "./adoption-lines.ts";

/** The result of one line: the name of the adopted resource at the vendor, or the reason of the failure. */
export type LineResult = { adoption: Adoption } & (
  | { ok: true; name: string }
  | { ok: false; code: string; message: string }
);

type AdoptResult = {
  adopted: { tenantId: string; service: Adoption["service"]; name: string }[];
  refused: { tenantId: string; service: Adoption["service"]; code: string; message: string }[];
};

/** Adopts several services in batches, one after the other, and stores how each line ended. */
export function useAdoptions() {
  const router = useRouter();
  const authorization = useAuthorization();
  const [results, setResults] = useState<LineResult[]>([]);
  const [total, setTotal] = useState(0);
  const [isWorking, setWorking] = useState(false);
  /** The call that ended the work, and what was not sent because of it. */
  const [stopped, setStopped] = useState<{ outcome: FailedCall; rest: Adoption[] }>();

  /** Resolves to the adoptions that are still to be made: what was refused, and what was not sent. */
  async function adopt(adoptions: Adoption[], earlier: LineResult[] = []): Promise<Adoption[]> {
    setWorking(true);
    setStopped(undefined);
    setResults(earlier);
    setTotal(earlier.length + adoptions.length);
    let all = earlier;
    for (const batch of batchesOf(adoptions)) {
      const outcome = await callTool(authorization, { name: "services.adopt", args: { adoptions: batch } });
      if (!outcome.ok) {
        setStopped({ outcome, rest: adoptions.slice(all.length - earlier.length) });
        break;
      }
      all = [...all, ...resultsOf(batch, outcome.result as AdoptResult)];
      setResults(all);
    }
    setWorking(false);
    if (all.length > earlier.length) router.refresh();
    const refused = all.flatMap((result) => (result.ok ? [] : [result.adoption]));
    return [...refused, ...adoptions.slice(all.length - earlier.length)];
  }

  return {
    adopt,
    /** Sends what was not sent when a call failed. */
    goOn: () => adopt(stopped?.rest ?? [], results),
    results,
    total,
    isWorking,
    stopped,
  };
}

/** Puts the two lists of a result back into the order of the lines. */
function resultsOf(batch: Adoption[], { adopted, refused }: AdoptResult): LineResult[] {
  const names = new Map(adopted.map((one) => [keyOf(one), one.name]));
  const refusals = new Map(refused.map((one) => [keyOf(one), one]));
  return batch.map((adoption) => {
    const name = names.get(keyOf(adoption));
    if (name !== undefined) return { adoption, ok: true, name };
    const { code, message } = refusals.get(keyOf(adoption)) ?? { code: "internal", message: "" };
    return { adoption, ok: false, code, message };
  });
}
