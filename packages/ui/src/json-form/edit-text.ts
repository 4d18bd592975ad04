import { applyEdits, findNodeAtLocation, modify, type Node, parseTree } from "jsonc-parser";
import { parseArguments } from "./parse-arguments.ts";
import { keyOf, type Path, valueAt } from "./path.ts";
import { isRecord } from "./schema.ts";

const formattingOptions = { tabSize: 2, insertSpaces: true, eol: "\n" };

/**
 * Sets one value in the text of the arguments, or takes it out where it is undefined, and leaves every other character
 * as it was: order, spacing, and numbers that JavaScript could not hold. The text must be JSON.
 */
export function setValue(text: string, path: Path, value: unknown): string {
  const whole = readValue(text);
  if (value === undefined && valueAt(whole, path) === undefined) return text;
  const intended = withValue(whole, path, value);
  return settled(intended, () => {
    const source = text.trim() === "" ? "{}" : text;
    return applyEdits(source, modify(source, path, value, { formattingOptions }));
  });
}

/** Takes an item out of a list, with the comma that stood before or after it. */
export function removeItem(text: string, path: Path, index: number): string {
  return settled(withValue(readValue(text), [...path, index], undefined), () => {
    // Not by jsonc-parser, which takes the brackets for a line: [1,2] without its first item becomes [12].
    const items = nodeAt(text, path).children ?? [];
    const [before, item, after] = [items[index - 1], items[index], items[index + 1]];
    if (!item) return text;
    const from = before && !after ? endOf(before) : item.offset;
    return text.slice(0, from) + text.slice(after ? after.offset : endOf(item));
  });
}

/** Swaps an item of a list with another one. */
export function swapItems(text: string, path: Path, one: number, other: number): string {
  const items = valueAt(readValue(text), path);
  if (!Array.isArray(items) || one === other) return text;
  const [first, second] = [Math.min(one, other), Math.max(one, other)];
  const swapped = items.with(first, items[second]).with(second, items[first]);
  return settled(withValue(readValue(text), path, swapped), () => {
    const [a, b] = [nodeAt(text, [...path, first]), nodeAt(text, [...path, second])];
    return (
      text.slice(0, a.offset) +
      sourceOf(text, b) +
      text.slice(a.offset + a.length, b.offset) +
      sourceOf(text, a) +
      text.slice(b.offset + b.length)
    );
  });
}

/** Gives a key of an object another name, in its place. */
export function renameKey(text: string, path: Path, key: string, name: string): string {
  const object = valueAt(readValue(text), path);
  if (!isRecord(object) || Object.hasOwn(object, name)) return text;
  const renamed = Object.fromEntries(
    Object.entries(object).map(([own, value]) => [own === key ? name : own, value]),
  );
  return settled(withValue(readValue(text), path, renamed), () => {
    const node = nodeAt(text, [...path, key]).parent?.children?.[0];
    if (!node) return "";
    return text.slice(0, node.offset) + JSON.stringify(name) + text.slice(node.offset + node.length);
  });
}

/**
 * Applies an edit where its result is the intended value; else, as with a duplicate key, writes the whole text again.
 */
function settled(intended: unknown, edit: () => string): string {
  const written = edit();
  const parsed = parseArguments(written);
  if (parsed.ok && JSON.stringify(parsed.value) === JSON.stringify(intended)) return written;
  return JSON.stringify(intended, null, 2);
}

function readValue(text: string): unknown {
  const parsed = parseArguments(text);
  if (!parsed.ok) throw new Error("Only arguments that are JSON can be edited by a form.");
  return parsed.value;
}

/** A value with one part of it set, or taken out, and everything on the way to it made where it is missing. */
function withValue(whole: unknown, path: Path, value: unknown): unknown {
  const [segment, ...rest] = path;
  if (segment === undefined) return value;
  if (typeof segment === "number") {
    const items: unknown[] = Array.isArray(whole) ? whole : [];
    if (value === undefined && rest.length === 0) return items.filter((_, index) => index !== segment);
    return items.toSpliced(segment, 1, withValue(items[segment], rest, value));
  }
  const entries = new Map(Object.entries(isRecord(whole) ? whole : {}));
  const inner = withValue(entries.get(segment), rest, value);
  if (inner === undefined) entries.delete(segment);
  else entries.set(segment, inner);
  return Object.fromEntries(entries);
}

function nodeAt(text: string, path: Path): Node {
  const tree = parseTree(text);
  const node = tree && findNodeAtLocation(tree, path);
  if (!node) throw new Error(`The arguments have nothing at ${keyOf(path)}.`);
  return node;
}

const endOf = ({ offset, length }: Node) => offset + length;

const sourceOf = (text: string, { offset, length }: Node) => text.slice(offset, offset + length);
