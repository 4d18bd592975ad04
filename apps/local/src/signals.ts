// One Ctrl-C can arrive twice: from the terminal, and forwarded by npm.
const SAME_KEYSTROKE_MILLISECONDS = 500;

/**
 * Resolves on SIGINT or SIGTERM, or when the parent process is gone. A second signal exits this process immediately;
 * the guards then stop its children.
 */
export function untilShutdown(log: (line: string) => void): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const ask = () => {
      if (first !== undefined && Date.now() - first > SAME_KEYSTROKE_MILLISECONDS) process.exit(130);
      if (first === undefined) log("Stopping. Once more to stop at once.");
      first ??= Date.now();
      resolve();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, ask);
    process.once("disconnect", ask);
  });
}
