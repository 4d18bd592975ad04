// One Ctrl-C in a terminal can arrive twice: from the terminal itself, and passed on by npm.
const SAME_KEYSTROKE_MILLISECONDS = 500;

/**
 * Resolves when the user or the system asks us to end, or when the process that started us is gone. Asking once more
 * ends this process at once; the guards then stop what it started.
 */
export function whenAskedToStop(log: (line: string) => void): Promise<void> {
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
