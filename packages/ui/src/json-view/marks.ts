import { type Match, matchesOf } from "./find.ts";
import type { Mark } from "./segments.ts";

/** Returns the ranges to mark in the key or in the value of a node. */
export function marksOf(
  matches: readonly Match[],
  current: Match | undefined,
  { node, part }: Pick<Match, "node" | "part">,
): Mark[] {
  return matchesOf(matches, node)
    .filter((match) => match.part === part)
    .map((match) => ({ start: match.start, end: match.end, current: match === current }));
}
