import { type Call, SmarterosError } from "@smarteros/core";
import { HTTPError } from "ky";
import { createClient, withoutFailure, withReadFailure } from "./backend-http.ts";
import { allowedRequest, plainUrl } from "./path-policy.ts";
import type { Backend } from "./ports.ts";
import { refusalOf } from "./refusal.ts";
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
export function createBackend({
  url,
  secret,
  fetch = globalThis.fetch,
  deadlineMs = 10_000,
}: BackendOptions): Backend {
  const base = parseBase(url);
  const client = createClient(base, secret);
  const brief = async (...given: Parameters<typeof fetch>) => withoutFailure(await fetch(...given));

  /** Runs a whole call within so many milliseconds. */
  async function within<Result>(
    milliseconds: number,
    call: Call,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const limits = { milliseconds, late: () => upstreamTimeout(milliseconds), caller: call.signal };
    return stopping(limits, work).catch((thrown) => {
      throw call.signal.aborted ? thrown : asUpstream(thrown);
    });
  }

  return {
    async request(request, call) {
      const { url: target, body } = allowedRequest(base, request);
      const started = performance.now();
      return within(deadlineMs, call, async (signal) => {
        const options = { method: request.method, signal, context: { call } };
        const response = await client(target, { ...options, fetch: brief, ...jsonOf(body) });
        const data = await readBody(response, signal);
        return { status: response.status, data, latencyMs: Math.round(performance.now() - started) };
      });
    },

    async ask(question, call) {
      const target = plainUrl(base, question.path, question.query);
      return within(question.deadlineMs ?? deadlineMs, call, async (signal) => {
        const options = { method: question.method, signal, context: { call } };
        const whole = async (...given: Parameters<typeof fetch>) =>
          withReadFailure(await fetch(...given), signal);
        const response = await client(target, { ...options, fetch: whole, ...jsonOf(question.body) });
        const data = await readBody(response, signal);
        if (!response.ok) throw refusalOf(response.status, data);
        const parsed = question.answer.safeParse(data);
        if (!parsed.success) throw upstreamError(response.status, parsed.error);
        if (question.fits(parsed.data)) return parsed.data;
        throw upstreamError(response.status, new Error("the answer is about something else"));
      });
    },
  };
}

const jsonOf = (body: unknown) => (body === undefined ? {} : { json: body });

function parseBase(url: string): URL {
  if (isPlainHttpUrl(url)) return new URL(url);
  throw new TypeError("The backend's URL must be http(s), without user, query and fragment.");
}

function asUpstream(thrown: unknown): SmarterosError {
  if (SmarterosError.isInstance(thrown)) return thrown;
  if (!(thrown instanceof HTTPError)) return upstreamError(undefined, thrown);
  return refusalOf(thrown.response.status, thrown.data, thrown);
}
