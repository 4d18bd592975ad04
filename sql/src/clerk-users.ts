import * as z from "zod";

const user = z.object({ id: z.string(), public_metadata: z.record(z.string(), z.unknown()).default({}) });
const perPage = 500;

/** The users of a Clerk instance: their number by role, and their ids. */
export type ClerkUsers = { roles: { role: string; users: number }[]; ids: Set<string> };

/**
 * Reads all users of a Clerk instance, 500 a page. Rejects with one line when Clerk rejects the key or does not
 * respond.
 */
export async function readClerkUsers(
  secretKey: string,
  { api = "https://api.clerk.com" }: { api?: string | undefined } = {},
): Promise<ClerkUsers> {
  const counts = new Map<string, number>();
  const ids = new Set<string>();
  for (let offset = 0; ; offset += perPage) {
    const page = await readPage(
      `${api}/v1/users?limit=${perPage}&offset=${offset}&order_by=created_at`,
      secretKey,
    );
    for (const { id, public_metadata } of page) {
      ids.add(id);
      const role = typeof public_metadata.role === "string" ? public_metadata.role : "(none)";
      counts.set(role, (counts.get(role) ?? 0) + 1);
    }
    if (page.length < perPage) break;
  }
  const roles = [...counts].map(([role, users]) => ({ role, users }));
  return { roles: roles.sort((one, other) => other.users - one.users), ids };
}

async function readPage(url: string, secretKey: string) {
  const response = await fetch(url, {
    headers: { Authorization: `Bearer ${secretKey}` },
    signal: AbortSignal.timeout(15_000),
  }).catch(() => undefined);
  if (!response) throw new Error("Clerk does not respond: try again, or leave CLERK_SECRET_KEY out");
  if (!response.ok)
    throw new Error(`Clerk refuses CLERK_SECRET_KEY with ${response.status}: copy it again from API keys`);
  return z.array(user).parse(await response.json());
}
