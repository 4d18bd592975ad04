import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type postgresClient from "postgres";
import type { Database } from "./database.ts";
import type { PostgresVersion } from "./postgres-binaries.ts";
import type { Stack } from "./stack.ts";

/** The part of a project that a test uses. */
export type TestProject = Omit<Stack, "failed" | "note" | "stop">;

export type TestProjects = {
  /** Opens a project with a separate database and REST API. */
  open(): Promise<{ id: string; project: TestProject }>;
  close(id: string): Promise<void>;
  stop(): Promise<void>;
};

type Opened = { id: string; project: TestProject; close(): Promise<void> };

// Several test files run concurrently; each has its REST API's pool and further pools.
const maxConnections = 300;
// SQLSTATE object_in_use
const inUse = "55006";

/**
 * Creates projects in one Postgres cluster, which starts with the first project. Each database is a clone of one with
 * every migration applied. Roles belong to the cluster and are the same for all. The next project is prepared while a
 * test file uses the last one.
 */
export function testProjects(options: {
  dataDirectory: string;
  postgresVersion?: PostgresVersion | undefined;
  maxRows?: number | undefined;
  webOrigin: string;
}): TestProjects {
  let cluster: Promise<Cluster> | undefined;
  let next: Promise<Opened> | undefined;
  const opened = new Map<string, Opened>();
  const closed = new Set<string>();

  function startedCluster(): Promise<Cluster> {
    cluster ??= startCluster(options);
    return cluster;
  }

  function prepare(): Promise<Opened> {
    const prepared = startedCluster().then((started) => openProject(started, options));
    // The error is reported to the caller that awaits it.
    prepared.catch(() => undefined);
    return prepared;
  }

  // A test file's connections may end after its project was closed; then the next close drops its database. Postgres
  // waits five seconds for each database in use, so only the unused ones are dropped.
  async function dropClosed(): Promise<void> {
    const { sql } = await startedCluster();
    const unused = await sql<{ id: string }[]>`
      select datname as id from pg_database
      where datname = any (${[...closed]})
        and not exists (select from pg_stat_activity a where a.datname = pg_database.datname)`;
    for (const { id } of unused) {
      const outcome = await sql.unsafe(`drop database ${id}`).catch((error: { code?: string }) => error.code);
      if (outcome !== inUse) closed.delete(id);
    }
  }

  return {
    async open() {
      const taken = next ?? prepare();
      next = prepare();
      const { id, project, close } = await taken;
      opened.set(id, { id, project, close });
      return { id, project };
    },
    async close(id) {
      const project = opened.get(id);
      if (!project) return;
      opened.delete(id);
      closed.add(id);
      await project.close();
      await dropClosed();
    },
    async stop() {
      await next?.catch(() => undefined);
      // Stopping the cluster ends all of its databases.
      await (await cluster?.catch(() => undefined))?.stop();
    },
  };
}

type Cluster = { database: Database; sql: postgresClient.Sql; stop(): Promise<void> };

async function startCluster(options: Parameters<typeof testProjects>[0]): Promise<Cluster> {
  // Imported here, so that a run without a database does not load them.
  const [{ startDatabase }, { default: postgres }] = await Promise.all([
    import("./database.ts"),
    import("postgres"),
  ]);
  const database = await startDatabase({
    ...options,
    // The cluster ends with the run, so its data need not survive a power failure.
    postgresSettings: [`max_connections=${maxConnections}`, "fsync=off", "full_page_writes=off"],
  });
  const first = postgres(database.urlOf("supabase_admin"), { max: 1 });
  // A database can be cloned only while it has no connection.
  await first`create database projects`;
  await first.end();
  const sql = postgres(database.urlOf("supabase_admin", "projects"), { max: 4, onnotice: () => undefined });
  return {
    database,
    sql,
    async stop() {
      await sql.end({ timeout: 1 });
      await database.stop();
    },
  };
}

async function openProject(
  { database, sql }: Cluster,
  { webOrigin, maxRows }: { webOrigin: string; maxRows?: number | undefined },
): Promise<Opened> {
  const [{ serveRest }, { identityPath }, { onPort }] = await Promise.all([
    import("./rest.ts"),
    import("./identity.ts"),
    import("./port.ts"),
  ]);
  const id = `project_${crypto.randomUUID().replaceAll("-", "")}`;
  await sql.unsafe(`create database ${id} owner postgres template postgres strategy file_copy`);
  const { publishableKey, secretKey, signingKey } = database.secrets;
  let port = 0;
  const project = {
    databaseUrl: database.urlOf("authenticator", id),
    catalogUrl: database.urlOf("postgres", id),
    webOrigin,
    publishableKey,
    secretKey,
    signingKey,
    maxRows,
  };
  const { connection, server } = await onPort(undefined, (chosen) => {
    port = chosen;
    return serveRest({ port, ...project });
  });
  const supabaseUrl = `http://127.0.0.1:${port}`;
  const issuer = supabaseUrl + identityPath;
  return {
    id,
    project: {
      supabaseUrl,
      publishableKey,
      secretKey,
      postgresUrl: database.urlOf("postgres", id),
      superuserUrl: database.urlOf("supabase_admin", id),
      issuer,
      jwksUrl: `${issuer}/jwks.json`,
      tokenUrl: `${issuer}/token`,
      signingKey,
    },
    async close() {
      const ended = once(server, "close");
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await ended;
      // Closing can hang when a backend was terminated.
      await Promise.race([connection.close(), sleep(1000, undefined, { ref: false })]);
    },
  };
}
