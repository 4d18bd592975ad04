import { type CallQuestion, type CallSummary, type Figures, momentLength } from "@smarteros/observability";

/** A time bucket of a chart: its figures where there were calls, and whether all of it lies in the selected range. */
export type TimeBucket = { at: number; figures?: Figures; isWhole: boolean };

/** All moments of a time in order, also those without a call. */
export function timelineOf(question: CallQuestion, summary: CallSummary): TimeBucket[] {
  const step = momentLength(question);
  const [from, to] = [Date.parse(question.from), Date.parse(question.to)];
  const known = new Map(summary.moments.map((moment) => [Date.parse(moment.at), moment]));
  const first = Math.floor(from / step) * step;
  return Array.from({ length: Math.ceil((to - first) / step) }, (_, index) => {
    const at = first + index * step;
    const figures = known.get(at);
    return { at, ...(figures ? { figures } : {}), isWhole: at >= from && at + step <= to };
  });
}

/** Share of the calls that failed; 0 where there was none. */
export function errorRate({ calls, errors }: Figures): number {
  return calls === 0 ? 0 : errors / calls;
}

/** The smallest of 1, 2, 5, 10, 20, 50, … that is not below the figure. */
export function niceMaximum(figure: number): number {
  if (figure <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(figure));
  return ([1, 2, 5, 10].find((factor) => factor * power >= figure) ?? 10) * power;
}
