/** The message for a connection that ended before the transaction. */
export const interrupted = "the connection ended before it was done, and nothing was changed: run it again";

// Our own messages, because the driver's messages contain the host, and an unparsable URL with its password.
const connectionFailures: Record<string, string> = {
  ECONNREFUSED: "nothing answers at the host and port of the database URL",
  ECONNRESET: "the server closed the connection; does it speak TLS as sslmode asks?",
  ENOTFOUND: "the host of the database URL is not known",
  EAI_AGAIN: "the host of the database URL cannot be looked up now",
  CONNECT_TIMEOUT: "no answer from the host of the database URL within 30 seconds",
  CONNECTION_CLOSED: `${interrupted} (at the very start: does the server speak TLS as sslmode asks?)`,
  CONNECTION_ENDED: interrupted,
  CONNECTION_DESTROYED: interrupted,
  "57P01": interrupted,
  "28P01": "the database refused the user or the password",
  "28000": "the database refused the user, or wants TLS: add ?sslmode=require",
  "3D000": "the database that the URL names does not exist",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the server's certificate is self-signed: sslmode=require accepts it",
  SELF_SIGNED_CERT_IN_CHAIN:
    "the server's certificate is not signed by a known authority: sslmode=require accepts it",
};

/** Formats an error as one line without host, user or password. */
export function inOneLine(error: unknown): string {
  if (!(error instanceof Error)) return "failed";
  const known =
    "code" in error && typeof error.code === "string" ? connectionFailures[error.code] : undefined;
  return known ?? error.message.split("\n", 1)[0] ?? "failed";
}
