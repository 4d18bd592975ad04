import { type Call, SmarterosError } from "@smarteros/core";
import { withDeadline } from "@smarteros/core/deadline";
import { urlProblem } from "@smarteros/core/settings";
import { HTTPError } from "ky";
import { createClient, withBriefFailure } from "./backend-http.ts";
import { allowedRequest, plainUrl } from "./path-policy.ts";
import type { Backend } from "./ports.ts";
import { refusalOf } from "./refusal.ts";
import { readBody } from "./response-body.ts";
import { upstreamError, upstreamTimeout } from "./upstream-error.ts";

export type BackendOptions = {
  /** The backend's URL; a path in it is a prefix of every request's path. */
  url: string;
  /** FASTAPI_SECRET or SMARTEROS_BACKEND_SECRET: with it every request carries a signed assertion of who calls. */
  secret?: string | undefined;
  fetch?: typeof globalThis.fetch;
  /** Milliseconds for a whole call, retries and body included; 10 000 by default. */
  deadlineMs?: number;
};

/** Builds a client of one backend, to be reused. Throws a TypeError for a URL that is not plain http(s). */
export function createBackend({
  url,
  secret,
  fetch = globalThis.fetch,
  deadlineMs = 10_000,
}: BackendOptions): Backend {
  const base = parseBase(url);
  const client = createClient(base, secret);

  /** Sends one request, with retries, and reads its response. Rejects where there is none. */
  async function send(
    { method, url, body, milliseconds = deadlineMs }: Sending,
    call: Call,
  ): Promise<{ status: number; data: unknown }> {
    const expired = () => upstreamTimeout(milliseconds);
    return withDeadline({ milliseconds, expired, caller: call.signal }, async (signal) => {
      const response = await client(url, {
        method,
        signal,
        context: { call },
        fetch: async (...given) => withBriefFailure(await fetch(...given), signal),
        ...(body === undefined ? {} : { json: body }),
      });
      return { status: response.status, data: await readBody(response, signal) };
    }).catch((thrown) => {
      throw call.signal.aborted ? thrown : asUpstream(thrown);
    });
  }

  return {
    async request(request, call) {
      const checked = allowedRequest(base, request, call.principal);
      const started = performance.now();
      const response = await send({ method: request.method, ...checked }, call);
      return { ...response, latencyMs: Math.round(performance.now() - started) };
    },

    async fetch({ method, path, query, body, response, matches, deadlineMs: milliseconds }, call) {
      const url = plainUrl(base, path, query);
      const { status, data } = await send({ method, url, body, milliseconds }, call);
      if (status >= 400) throw refusalOf(status, data);
      const parsed = response.safeParse(data);
      if (!parsed.success) throw upstreamError(status, parsed.error);
      if (matches(parsed.data)) return parsed.data;
      throw upstreamError(status, new Error("the answer is about something else"));
    },
  };
}

type Sending = { method: string; url: URL; body: unknown; milliseconds?: number | undefined };

function parseBase(url: string): URL {
  if (!urlProblem(url, { plainHttp: true })) return new URL(url);
  throw new TypeError("The backend's URL must be http(s), without user, query and fragment.");
}

function asUpstream(thrown: unknown): SmarterosError {
  if (SmarterosError.isInstance(thrown)) return thrown;
  if (!(thrown instanceof HTTPError)) return upstreamError(undefined, thrown);
  return refusalOf(thrown.response.status, thrown.data, thrown);
}
