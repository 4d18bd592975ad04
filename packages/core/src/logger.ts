/** One line per event: its name in brackets, then its fields as JSON. */
export type Logger = {
  info(event: string, fields: Record<string, unknown>): void;
  error(event: string, fields: Record<string, unknown>): void;
};

type Lines = { info(line: string): void; error(line: string): void };

/**
 * Builds a logger over a line writer, such as the console's; a transport that speaks its protocol on stdout passes
 * stderr's.
 */
export function lineLogger(write: Lines): Logger {
  const line = (event: string, fields: Record<string, unknown>) => `[${event}] ${JSON.stringify(fields)}`;
  return {
    info: (event, fields) => write.info(line(event, fields)),
    error: (event, fields) => write.error(line(event, fields)),
  };
}

/**
 * Builds a line writer for a process's streams that writes lines together within 20 ms: one write costs more than most
 * calls, and no response waits for it. The rest is written when the process exits; a kill -9 loses it.
 */
export function processLines(streams: { info: NodeJS.WritableStream; error: NodeJS.WritableStream }): Lines {
  return { info: together(streams.info), error: together(streams.error) };
}

function together(stream: NodeJS.WritableStream): (line: string) => void {
  let lines: string[] = [];
  function flush() {
    if (lines.length > 0) stream.write(lines.join(""));
    lines = [];
  }
  process.once("exit", flush);
  return (line) => {
    if (lines.push(`${line}\n`) === 1) setTimeout(flush, 20).unref();
  };
}
