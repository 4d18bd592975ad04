import type { JWK } from "jose";
import { type Database, type DatabaseOptions, startDatabase } from "./database.ts";
import { type DoorProcess, startDoor } from "./door-process.ts";
import { identityPath } from "./identity.ts";
import { onPort } from "./port.ts";

export type StackOptions = DatabaseOptions & {
  /** Port of the REST door; any free one when left out or 0. */
  restPort?: number;
  /** How many rows a response of the REST API holds at most; 1000, as in a hosted project, when left out. */
  maxRows?: number | undefined;
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

/** Starts Postgres, gives it what a hosted project has, applies the migrations and opens the REST door. */
export async function startSupabase(options: StackOptions): Promise<Stack> {
  const { webOrigin, log, maxRows } = options;
  let database: Database | undefined;
  let door: DoorProcess | undefined;
  async function stop(): Promise<void> {
    await door?.stop();
    await database?.stop();
  }

  try {
    database = await startDatabase(options);
    const { urlOf, lock, postgres } = database;
    const { publishableKey, secretKey, signingKey } = database.secrets;
    const project = {
      databaseUrl: urlOf("authenticator"),
      catalogUrl: urlOf("postgres"),
      maxRows,
      webOrigin,
      publishableKey,
      secretKey,
      signingKey,
    };
    let restPort = 0;
    door = await onPort(options.restPort, (chosen) => {
      restPort = chosen;
      return startDoor({ port: restPort, ...project }, log);
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
