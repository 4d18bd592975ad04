import type { JWK } from "jose";
import { type Database, type DatabaseOptions, startDatabase } from "./database.ts";
import { identityPath } from "./identity.ts";
import { onPort } from "./port.ts";
import { type RestProcess, startRest } from "./rest-process.ts";

export type StackOptions = DatabaseOptions & {
  /** Port of the REST API; a free one when omitted or 0. */
  restPort?: number;
  /** The maximum of rows in a response of the REST API; 1000 by default, as in a hosted project. */
  maxRows?: number | undefined;
  webOrigin: string;
  log: (line: string) => void;
};

/** A running embedded project. `failed` resolves to one line when a part of it has failed permanently. */
export type Stack = {
  supabaseUrl: string;
  publishableKey: string;
  secretKey: string;
  /** The URL of the role `postgres`, which runs migrations. */
  postgresUrl: string;
  /** The URL of the role `supabase_admin`. */
  superuserUrl: string;
  issuer: string;
  jwksUrl: string;
  tokenUrl: string;
  signingKey: JWK;
  failed: Promise<string>;
  /** Adds addresses to the record by which other commands find this stack. */
  note(urls: { webUrl: string }): void;
  stop(): Promise<void>;
};

/** Starts Postgres, bootstraps it like a hosted project, applies the migrations and starts the REST API. */
export async function startSupabase(options: StackOptions): Promise<Stack> {
  const { webOrigin, log, maxRows } = options;
  let database: Database | undefined;
  let rest: RestProcess | undefined;
  async function stop(): Promise<void> {
    await rest?.stop();
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
    rest = await onPort(options.restPort, (chosen) => {
      restPort = chosen;
      return startRest({ port: restPort, ...project }, log);
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
        rest.exited,
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
