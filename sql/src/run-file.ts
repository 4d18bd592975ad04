import postgres from "postgres";

/** Runs the text of a file. Rejects with one line that names the file; the server's message is in the cause. */
export async function runFile(
  transaction: postgres.TransactionSql,
  what: string,
  text: string,
): Promise<void> {
  try {
    await transaction.unsafe(text).simple();
  } catch (cause) {
    if (!(cause instanceof postgres.PostgresError)) throw cause;
    throw new Error(`${what} failed and everything was rolled back: ${cause.message} (${cause.code})`, {
      cause,
    });
  }
}
