import { migrate } from "@smarteros/sql";
import type { JWK } from "jose";
import { bootstrap } from "./bootstrap.ts";
import { claimDataDirectory } from "./data-directory.ts";
import { type DoorProcess, startDoor } from "./door-process.ts";
import { identityPath } from "./identity.ts";
import { isLock, takeLock } from "./lock.ts";
import { onPort } from "./port.ts";
import { type Postgres, startPostgres } from "./postgres.ts";
import { loadSecrets } from "./secrets.ts";

export type StackOptions = {
  /** Where everything is kept; made with mode 0700. One starter at a time. */
  dataDirectory: string;
  /** Port of the REST door; any free one when left out or 0. */
  restPort?: number;
  /** Port of Postgres; any free one when left out or 0. */
  postgresPort?: number;
  webOrigin: string;
  log: (line: string) => void;
};

/** A running embedded project. `failed` resolves with one line once a part of it is gone for good. */
export type Stack = {
  supabaseUrl: string;
  publishableKey: string;
  secretKey: string;
  /** As the role `postgres`, which runs migrations. */
  postgresUrl: string;
  /** As `supabase_admin`. */
  superuserUrl: string;
  issuer: string;
  jwksUrl: string;
  tokenUrl: string;
  signingKey: JWK;
  failed: Promise<string>;
  /** Adds to the record by which other commands find this stack. */
  note(urls: { webUrl: string }): void;
  stop(): Promise<void>;
};

/** Somebody else runs on this data directory. */
export class AlreadyRunningError extends Error {
  override name = "AlreadyRunningError";
}

/** Starts Postgres, gives it what a hosted project has, applies the migrations and opens the REST door. */
export async function startSupabase(options: StackOptions): Promise<Stack> {
  const { dataDirectory, webOrigin, log } = options;
  claimDataDirectory(dataDirectory);
  const lock = takeLock(dataDirectory);
  if (!isLock(lock))
    throw new AlreadyRunningError(
      lock.webUrl ? `Already running here: ${lock.webUrl}` : `Already starting here (pid ${lock.pid}).`,
    );

  let postgres: Postgres | undefined;
  let door: DoorProcess | undefined;
  async function stop(): Promise<void> {
    await door?.stop();
    await postgres?.stop();
    if (isLock(lock)) lock.release();
  }

  try {
    const { passwords, publishableKey, secretKey, signingKey } = await loadSecrets(dataDirectory);
    const superuserPassword = passwords.supabase_admin;
    let port = 0;
    postgres = await onPort(options.postgresPort, (chosen) => {
      port = chosen;
      return startPostgres({ folder: dataDirectory, port, superuserPassword });
    });
    const urlOf = (role: keyof typeof passwords) =>
      `postgres://${role}:${passwords[role]}@127.0.0.1:${port}/postgres`;
    await bootstrap(urlOf("supabase_admin"), passwords);
    await migrate({ url: urlOf("postgres") });

    let restPort = 0;
    const databaseUrl = urlOf("authenticator");
    door = await onPort(options.restPort, (chosen) => {
      restPort = chosen;
      return startDoor(
        { port: restPort, databaseUrl, webOrigin, publishableKey, secretKey, signingKey },
        log,
      );
    });
    const supabaseUrl = `http://127.0.0.1:${restPort}`;
    const issuer = supabaseUrl + identityPath;
    lock.note({ restUrl: supabaseUrl });

    const { exited, lastLines } = postgres;
    return {
      supabaseUrl,
      publishableKey,
      secretKey,
      postgresUrl: urlOf("postgres"),
      superuserUrl: urlOf("supabase_admin"),
      issuer,
      jwksUrl: `${issuer}/jwks.json`,
      tokenUrl: `${issuer}/token`,
      signingKey,
      failed: Promise.race([
        door.exited,
        exited.then(() => `Postgres died. Its last lines:\n${lastLines()}`),
      ]),
      note: ({ webUrl }) => lock.note({ restUrl: supabaseUrl, webUrl }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
