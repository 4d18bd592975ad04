import { defaultRangeExtractor, type Range } from "@tanstack/react-virtual";

const lineHeight = 20;
const characterWidth = 7.8;

/** Estimates the height of `length` characters in a box, in pixels, before they are rendered. */
export function heightOfText(length: number, box: HTMLElement | null): number {
  const charactersOfLine = Math.max(20, ((box?.clientWidth ?? 480) - 60) / characterWidth);
  return lineHeight * Math.max(1, Math.ceil(length / charactersOfLine));
}

/** The rows in sight and one more, in order. */
export function withIndex(range: Range, index: number): number[] {
  const rows = defaultRangeExtractor(range);
  if (index >= range.count || rows.includes(index)) return rows;
  return [...rows, index].sort((one, other) => one - other);
}

/** Height of the bars fixed at the edges of a page, such as the sections on a phone. */
const pageMargin = 72;

/** Scrolls the page by the least that shows a row. A browser does so for focus only, which rows never have. */
function bringIntoPage(row: Element) {
  const { top, bottom } = row.getBoundingClientRect();
  const below = bottom - (innerHeight - pageMargin);
  const above = top - pageMargin;
  if (below > 0) scrollBy(0, Math.min(below, above));
  else if (above < 0) scrollBy(0, above);
}

const framesToSettle = 8;

/**
 * Holds a row in view of its box, below its sticky header, while rows are measured. Returns a function that stops it.
 */
export function keepInSight(
  box: HTMLElement | null,
  find: (box: HTMLElement) => Element | null | undefined,
  sticky = 0,
) {
  let left = framesToSettle;
  let frame = requestAnimationFrame(function settle() {
    const row = box && find(box);
    if (row) {
      const [inner, outer] = [row.getBoundingClientRect(), box.getBoundingClientRect()];
      const [above, below] = [inner.top - outer.top - sticky, inner.bottom - outer.bottom];
      if (above < 0) box.scrollTop += above;
      else if (below > 0) box.scrollTop += Math.min(below, above);
      // Only a table is wider than its box.
      if (inner.left < outer.left || inner.right > outer.right)
        box.scrollLeft += inner.left - outer.left - 16;
      bringIntoPage(row);
    }
    left -= 1;
    if (left > 0) frame = requestAnimationFrame(settle);
  });
  return () => cancelAnimationFrame(frame);
}
