import type { Check } from "../check.ts";
import { type Finding, finding } from "../findings.ts";

/** Milliseconds by which tokens and assertions may be early or late. */
const toleranceMs = 5_000;

/** Compares this machine's clock with those of Supabase, the backend and the database. */
export const clockCheck: Check = async (_subject, probes) => {
  const [supabase, backend, database] = await Promise.all([
    probes.supabase(),
    probes.backend(),
    probes.database().then(
      (state) => (state ? state.now.getTime() - probes.now() : undefined),
      () => undefined,
    ),
  ]);
  const skews: [string, number | undefined][] = [
    ["Supabase", supabase?.skewMs],
    ["the backend", backend?.skewMs],
    ["the database", database],
  ];
  if (skews.every(([, skewMs]) => skewMs === undefined)) return undefined;
  return skews.flatMap(([whose, skewMs = 0]) =>
    Math.abs(skewMs) > toleranceMs ? [skewed(whose, skewMs)] : [],
  );
};

function skewed(whose: string, skewMs: number): Finding {
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  return finding("clock_skew", { whose, seconds, direction: skewMs > 0 ? "ahead of" : "behind" });
}
