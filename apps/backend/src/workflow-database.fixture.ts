import postgres from "postgres";
import { embedded } from "./backend.fixture.ts";

/** Creates a separate database for the engine, so that test files do not recover each other's work. */
export async function newWorkflowDatabase(): Promise<string> {
  const name = `workflows_${crypto.randomUUID().slice(0, 8)}`;
  const superuser = postgres(embedded.superuserUrl, { max: 1, onnotice: () => undefined });
  await superuser.unsafe(`create database ${name} owner postgres`).finally(() => superuser.end());
  return embedded.postgresUrl.replace(/\/[^/]*$/, `/${name}`);
}
