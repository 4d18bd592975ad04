import { type Call, SmarterosError } from "@smarteros/core";
import ky, { HTTPError, type KyInstance } from "ky";
import { signAssertion } from "./assertion.ts";
import { onBehalfOf } from "./outbound-headers.ts";
import { allowedRequest } from "./path-policy.ts";
import type { Backend } from "./ports.ts";
import { readBody } from "./response-body.ts";
import { isPlainHttpUrl } from "./settings.ts";
import { stopping } from "./stopping.ts";
import { upstreamError, upstreamTimeout } from "./upstream-error.ts";

export type BackendOptions = {
  /** Where the backend is; a path in it is a folder that the backend lives under. */
  url: string;
  /** FASTAPI_SECRET: with it every request carries a signed assertion of who calls. */
  secret?: string | undefined;
  fetch?: typeof globalThis.fetch;
  /** Milliseconds for a whole call, retries and body included; 10 000 by default. */
  deadlineMs?: number;
};

/** A client of one backend, to be kept. Throws a TypeError for a URL that is not plain http(s). */
export function createBackend({ url, secret, fetch, deadlineMs = 10_000 }: BackendOptions): Backend {
  const base = parseBase(url);
  const client = createClient(base, secret, fetch);
  return {
    async request(request, call) {
      const { url: target, body } = allowedRequest(base, request);
      const started = performance.now();
      const limits = {
        milliseconds: deadlineMs,
        late: () => upstreamTimeout(deadlineMs),
        caller: call.signal,
      };
      return stopping(limits, async (signal) => {
        const options = { method: request.method, signal, context: { call } };
        const response = await client(target, body === undefined ? options : { ...options, json: body });
        const data = await readBody(response, signal);
        return { status: response.status, data, latencyMs: Math.round(performance.now() - started) };
      }).catch((thrown) => {
        throw call.signal.aborted ? thrown : asUpstream(thrown);
      });
    },
  };
}

function parseBase(url: string): URL {
  if (isPlainHttpUrl(url)) return new URL(url);
  throw new TypeError("The backend's URL must be http(s), without user, query and fragment.");
}

function createClient(base: URL, secret: string | undefined, fetch = globalThis.fetch): KyInstance {
  const key = secret ? new TextEncoder().encode(secret) : undefined;
  // Runs for every attempt: an assertion is taken once.
  async function identify({ request, options }: { request: Request; options: { context: object } }) {
    const { call } = options.context as { call: Call };
    for (const [name, value] of Object.entries(onBehalfOf(call))) request.headers.set(name, value);
    if (key) request.headers.set("Authorization", `Bearer ${await signAssertion(key, base.origin, call)}`);
  }
  return ky.create({
    fetch: async (input, init) => withoutUselessBody(await fetch(input, init)),
    headers: { Accept: "application/json, text/plain;q=0.9" },
    credentials: "omit",
    redirect: "manual",
    timeout: false,
    throwHttpErrors: isNoAnswer,
    retry: {
      limit: 2,
      methods: ["get"],
      statusCodes: [502, 503, 504],
      backoffLimit: 1_000,
      maxRetryAfter: 2_000,
    },
    hooks: { beforeRequest: [identify], beforeRetry: [identify] },
  });
}

/** ky reads up to 10 MiB of a failure's body before it throws; nobody is shown it, so it is not read. */
async function withoutUselessBody(response: Response): Promise<Response> {
  if (!isNoAnswer(response.status)) return response;
  await response.body?.cancel();
  return new Response(null, { status: response.status, headers: response.headers });
}

const isNoAnswer = (status: number) => (status >= 300 && status < 400) || status >= 500;

function asUpstream(thrown: unknown): SmarterosError {
  if (SmarterosError.isInstance(thrown)) return thrown;
  return upstreamError(thrown instanceof HTTPError ? thrown.response.status : undefined, thrown);
}
