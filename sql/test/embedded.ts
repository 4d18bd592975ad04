import postgres from "postgres";
import { inject } from "vitest";

export const embedded = inject("embedded");

/** A connection as the role that runs migrations in a hosted project. The pool ends with the test file's process. */
export const owner = postgres(embedded.postgresUrl, { max: 25, onnotice: () => undefined });

/** A connection as the superuser, who sees all stored rows. */
export const superuser = postgres(embedded.superuserUrl, { max: 4, onnotice: () => undefined });

type Claims = Record<string, unknown>;

/** Runs `work` in one transaction as PostgREST would for a token with these claims, and commits. */
export function as<T>(
  role: "anon" | "authenticated" | "service_role",
  claims: Claims,
  work: (transaction: postgres.TransactionSql) => Promise<T>,
) {
  return owner.begin(async (transaction) => {
    await transaction`select set_config('role', ${role}, true),
      set_config('request.jwt.claims', ${JSON.stringify({ ...claims, role })}, true)`;
    return work(transaction);
  });
}

/** Runs `work` as a signed-in user; without a role in the metadata, an operator. */
export function asUser<T>(
  sub: string,
  work: (transaction: postgres.TransactionSql) => Promise<T>,
  role?: string,
) {
  return as("authenticated", role ? { sub, metadata: { role } } : { sub }, work);
}

/** Runs `work` as the service role. */
export function asService<T>(work: (transaction: postgres.TransactionSql) => Promise<T>) {
  return as("service_role", {}, work);
}

/** Resolves to the SQLSTATE with which `work` fails; undefined when it succeeds. */
export async function sqlState(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof postgres.PostgresError) return error.code;
    throw error;
  }
}

/** Resolves to the violated constraint or, when a function raised the error, its message. */
export async function violated(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof postgres.PostgresError) return error.constraint_name ?? error.message;
    throw error;
  }
}

/** Creates a unique user id. */
export function newOwner(name = "owner"): string {
  return `user_${name}_${crypto.randomUUID()}`;
}
