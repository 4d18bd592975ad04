import { type Logger, lineLogger } from "@smarteros/core";

/** Discards its lines. */
export const silentLogger: Logger = lineLogger({ info: () => undefined, error: () => undefined });

/** Creates a logger that collects its lines. */
export function lineCollector() {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  return { lines, logger: lineLogger({ info: write, error: write }) };
}
