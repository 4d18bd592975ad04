import type { Call } from "@smarteros/core";
import { withDeadline } from "@smarteros/core/deadline";
import ky, { type KyInstance } from "ky";
import { signAssertion } from "./assertion.ts";
import { onBehalfOf } from "./outbound-headers.ts";
import { readBody } from "./response-body.ts";

/** Milliseconds that the body of a failure may take. A later one is not worth the caller's time. */
const failureMs = 1_000;

/** Builds the HTTP client of one backend, which names the caller in every request. */
export function createClient(base: URL, secret: string | undefined): KyInstance {
  const key = secret ? new TextEncoder().encode(secret) : undefined;
  // Runs for every attempt: an assertion is taken once.
  async function identify({ request, options }: { request: Request; options: { context: object } }) {
    const { call } = options.context as { call: Call };
    for (const [name, value] of Object.entries(onBehalfOf(call))) request.headers.set(name, value);
    if (key) request.headers.set("Authorization", `Bearer ${await signAssertion(key, base.origin, call)}`);
  }
  return ky.create({
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

/**
 * Returns a usable response unchanged, and of a failure only its status, `Retry-After` and body. ky would read up to 10 MiB
 * of that body and wait for it; it may hold the backend's own refusal, so it is read within 1 s and 1 MiB.
 */
export async function withBriefFailure(response: Response, signal: AbortSignal): Promise<Response> {
  const { status, headers } = response;
  if (!isNoAnswer(status)) return response;
  if (status < 500) {
    await response.body?.cancel();
    return new Response(null, { status, headers });
  }
  const deadline = {
    milliseconds: failureMs,
    expired: () => new Error("the failure's body is late"),
    caller: signal,
  };
  const data = await withDeadline(deadline, (stop) => readBody(response, stop)).catch(() => null);
  const retryAfter = headers.get("Retry-After");
  return Response.json(data, { status, headers: retryAfter === null ? {} : { "Retry-After": retryAfter } });
}

const isNoAnswer = (status: number) => (status >= 300 && status < 400) || status >= 500;
