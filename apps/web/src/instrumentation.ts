/** Runs once when a server starts: wrong settings show up at the start, not at the first call. */
export async function register() {
  if (process.env.NEXT_RUNTIME === "nodejs") await (await import("./lifecycle.ts")).begin();
}
