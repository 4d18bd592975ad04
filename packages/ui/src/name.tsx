import { visibleText } from "./visible-text.ts";

/** A text that somebody typed: it can neither hide nor reorder what stands around it. */
export function Name({ children }: { children: string }) {
  return <bdi>{visibleText(children)}</bdi>;
}
