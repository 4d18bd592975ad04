import { visibleText } from "./visible-text.ts";

/** Shows a text that a user typed: it can neither hide nor reorder the text around it. */
export function Name({ children }: { children: string }) {
  return <bdi>{visibleText(children)}</bdi>;
}
