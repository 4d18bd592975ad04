/** System calls before anything is sent. */
const connecting = ["connect", "getaddrinfo"];

/** Returns true for an error of `fetch` in name resolution, in the connection or in the URL, after which nothing was sent. */
export function failedToConnect(thrown: unknown): boolean {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === "UND_ERR_CONNECT_TIMEOUT") return true;
    if (syscall !== undefined) return connecting.includes(syscall);
    // Several addresses were tried, each without success.
    if (error instanceof AggregateError) return error.errors.every(failedToConnect);
    // Thrown by fetch for a port that no browser connects to.
    if (error.message === "bad port") return true;
  }
  return false;
}
