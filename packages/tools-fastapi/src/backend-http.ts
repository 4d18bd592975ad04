import type { Call } from "@smarteros/core";
import { withDeadline } from "@smarteros/core/deadline";
import ky, { type KyInstance } from "ky";
import { signAssertion } from "./assertion.ts";
import { onBehalfOf } from "./outbound-headers.ts";
import { readBody } from "./response-body.ts";

/** How long the body of a failure may take. What comes later says nothing that is worth the caller's time. */
const failureMs = 1_000;

/** One HTTP client of one backend, which says of every request on whose behalf it is. */
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
 * An answer as it is, or, where there is none, what may be known of it. ky would read up to 10 MiB of a failure's body,
 * and wait for it; a failure may say whose it is, so it is read within our own bounds.
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
