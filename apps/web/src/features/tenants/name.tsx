import { shownText } from "../arguments/shown-text.ts";

/** A text that somebody typed: it can neither hide nor reorder what stands around it. */
export function Name({ children }: { children: string }) {
  return <bdi>{shownText(children)}</bdi>;
}
