/** One line per event: its name in brackets, then its fields as JSON. */
export type Logger = {
  info(event: string, fields: Record<string, unknown>): void;
  error(event: string, fields: Record<string, unknown>): void;
};

/** A logger over a line writer, such as the console's; a door whose stdout is a protocol passes stderr's. */
export function lineLogger(write: { info(line: string): void; error(line: string): void }): Logger {
  const line = (event: string, fields: Record<string, unknown>) => `[${event}] ${JSON.stringify(fields)}`;
  return {
    info: (event, fields) => write.info(line(event, fields)),
    error: (event, fields) => write.error(line(event, fields)),
  };
}
