import { exec } from "node:child_process";
import { promisify } from "node:util";
import { SmarterosError } from "@smarteros/core";
import { decodeJwt } from "jose";
import * as z from "zod";

/** Fetches a fresh token until `abort` aborts. */
type Fetcher = (abort: AbortSignal) => Promise<string>;

const fetchTimeoutMs = 15_000;
const run = promisify(exec);

/**
 * Caches one token and renews it at four fifths of its lifetime, at most 30 s before it expires. Concurrent calls share
 * one renewal. Throws `unauthorized` when the token has expired and cannot be renewed.
 */
export function tokenSource(fetchToken: Fetcher | undefined, first?: string): () => Promise<string> {
  let current = first === undefined ? undefined : { token: first, ...times(first) };
  let renewal: Promise<string> | undefined;

  async function renew(fetcher: Fetcher) {
    const token = (await fetcher(AbortSignal.timeout(fetchTimeoutMs))).trim();
    current = { token, ...times(token) };
    return token;
  }

  return async () => {
    if (current && Date.now() < current.renewAt) return current.token;
    if (!fetchToken) {
      if (current && Date.now() < current.expiresAt) return current.token;
      throw unauthorized(
        "SMARTEROS_ACCESS_TOKEN has expired. Set a fresh one, or SMARTEROS_TOKEN_COMMAND to renew it.",
      );
    }
    renewal ??= renew(fetchToken).finally(() => {
      renewal = undefined;
    });
    return renewal;
  };
}

/** Fetches a token from a command's standard output; its stderr is discarded. */
export function commandFetcher(command: string): Fetcher {
  return async (signal) => {
    try {
      const { stdout } = await run(command, { signal, maxBuffer: 64 * 1024, windowsHide: true });
      return stdout;
    } catch {
      throw unauthorized(
        "SMARTEROS_TOKEN_COMMAND failed or took longer than 15 s. Run it in a terminal to see why.",
      );
    }
  };
}

/** Fetches a token from the local identity of `npm start`. */
export function localFetcher(tokenUrl: string, user: string): Fetcher {
  const grant = z.object({ token: z.string() });
  return async (signal) => {
    const response = await fetch(tokenUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ user }),
      signal,
    }).catch(() => undefined);
    if (!response)
      throw new SmarterosError("unavailable", "The local identity does not answer. Is npm start running?");
    if (!response.ok) throw unauthorized("SMARTEROS_LOCAL_USER is not a user of the local identity.");
    return grant.parse(await response.json()).token;
  };
}

function times(token: string): { renewAt: number; expiresAt: number } {
  try {
    const { iat = 0, exp = 0 } = decodeJwt(token);
    const early = Math.min(30, (exp - iat) / 5);
    return { renewAt: (exp - early) * 1000, expiresAt: exp * 1000 };
  } catch {
    throw unauthorized("What was given as an access token is not a JSON Web Token.");
  }
}

function unauthorized(message: string) {
  return new SmarterosError("unauthorized", message);
}
