import * as z from "zod";
import { readDataDirectory } from "./env.ts";
import { readRunning } from "./lock.ts";

// The entry point of `npm run -s token -- operator-a`: prints only a local user's session token.

const responseBody = z.union([z.object({ token: z.string() }), z.object({ message: z.string() })]);

try {
  console.log(await fetchToken(process.argv[2] ?? ""));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function fetchToken(user: string): Promise<string> {
  const restUrl = readRunning(readDataDirectory())?.restUrl;
  if (restUrl === undefined) throw new Error('Nothing is running here. Run "npm start" first.');
  const response = await fetch(`${restUrl}/identity/token`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user }),
    signal: AbortSignal.timeout(5000),
  }).catch(() => {
    throw new Error(`The local identity at ${restUrl} does not answer. Try again, or restart "npm start".`);
  });
  const body = responseBody.parse(await response.json());
  if ("token" in body) return body.token;
  throw new Error(body.message);
}
