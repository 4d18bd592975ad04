import { migrate } from "@smarteros/sql";
import { bootstrap } from "./bootstrap.ts";
import { claimDataDirectory } from "./data-directory.ts";
import { isLock, type Lock, takeLock } from "./lock.ts";
import { onPort } from "./port.ts";
import { type Postgres, startPostgres } from "./postgres.ts";
import type { PostgresVersion } from "./postgres-binaries.ts";
import { loadSecrets, type Secrets } from "./secrets.ts";

export type DatabaseOptions = {
  /** The folder of all data, created with mode 0700; one starter at a time. */
  dataDirectory: string;
  /** Port of Postgres; a free one when omitted or 0. */
  postgresPort?: number;
  /** Major version of Postgres; 17 by default. A cluster stays on the version that created it. */
  postgresVersion?: PostgresVersion | undefined;
  /** Further settings of the server, each `name=value`. */
  postgresSettings?: string[];
};

/** A running Postgres with the roles of a hosted project and every migration applied. */
export type Database = {
  postgres: Postgres;
  secrets: Secrets;
  /** The starter lock of the data directory; `stop` releases it. */
  lock: Lock;
  /** Returns a role's connection string; the database is `postgres` by default. */
  urlOf(role: keyof Secrets["passwords"], database?: string): string;
  stop(): Promise<void>;
};

/** Thrown when another process runs on this data directory. */
export class AlreadyRunningError extends Error {
  override name = "AlreadyRunningError";
}

/** Starts Postgres, bootstraps it like a hosted project and applies the migrations to the database `postgres`. */
export async function startDatabase(options: DatabaseOptions): Promise<Database> {
  const { dataDirectory } = options;
  claimDataDirectory(dataDirectory);
  const lock = takeLock(dataDirectory);
  if (!isLock(lock))
    throw new AlreadyRunningError(
      lock.webUrl ? `Already running here: ${lock.webUrl}` : `Already starting here (pid ${lock.pid}).`,
    );
  let postgres: Postgres | undefined;
  async function stop(): Promise<void> {
    await postgres?.stop();
    if (isLock(lock)) lock.release();
  }
  try {
    const secrets = await loadSecrets(dataDirectory);
    const { passwords } = secrets;
    let port = 0;
    postgres = await onPort(options.postgresPort, (chosen) => {
      port = chosen;
      return startPostgres({
        folder: dataDirectory,
        port,
        superuserPassword: passwords.supabase_admin,
        version: options.postgresVersion,
        settings: options.postgresSettings,
      });
    });
    const urlOf: Database["urlOf"] = (role, database = "postgres") =>
      `postgres://${role}:${passwords[role]}@127.0.0.1:${port}/${database}`;
    await bootstrap(urlOf("supabase_admin"), passwords);
    await migrate({ url: urlOf("postgres") });
    return { postgres, secrets, lock, urlOf, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
