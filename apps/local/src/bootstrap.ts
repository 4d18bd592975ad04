import { readFileSync } from "node:fs";
import postgres from "postgres";
import type { Secrets } from "./secrets.ts";

/**
 * Creates the roles, schemas and functions of a hosted project in a fresh cluster, and sets the roles' settings in
 * every cluster. Grants are not repeated: a migration may have revoked what a hosted project grants by default.
 */
export async function bootstrap(
  superuserUrl: string,
  { postgres: postgresPassword, authenticator: authenticatorPassword }: Secrets["passwords"],
): Promise<void> {
  const database = postgres(superuserUrl, { max: 1, onnotice: () => undefined });
  try {
    await database.begin(async (transaction) => {
      const done = await transaction`select from pg_roles where rolname = 'authenticator'`;
      if (done.length > 0) {
        await transaction.unsafe(textOf("hosted-settings.sql")).simple();
        return;
      }
      // Otherwise Postgres logs a failing statement with the password.
      await transaction`set local log_min_error_statement = panic`;
      await transaction.unsafe(textOf("bootstrap.sql")).simple();
      await transaction.unsafe(textOf("hosted-settings.sql")).simple();
      // ALTER ROLE takes no parameters; the passwords are base64url, so they need no escaping.
      await transaction.unsafe(`alter role postgres password '${postgresPassword}'`);
      await transaction.unsafe(`alter role authenticator password '${authenticatorPassword}'`);
    });
  } finally {
    await database.end();
  }
}

function textOf(name: string): string {
  return readFileSync(new URL(name, import.meta.url), "utf8");
}
