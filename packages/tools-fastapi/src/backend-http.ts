import type { Call } from "@smarteros/core";
import ky, { type KyInstance } from "ky";
import { signAssertion } from "./assertion.ts";
import { onBehalfOf } from "./outbound-headers.ts";
import { readBody } from "./response-body.ts";

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

/** ky reads up to 10 MiB of a failure's body before it throws; where nobody is shown it, it is not read. */
export async function withoutFailure(response: Response): Promise<Response> {
  if (!isNoAnswer(response.status)) return response;
  await response.body?.cancel();
  return new Response(null, { status: response.status, headers: response.headers });
}

/** The same where a failure may say whose it is: its body is read by us, within our bounds. */
export async function withReadFailure(response: Response, signal: AbortSignal): Promise<Response> {
  if (response.status < 500) return withoutFailure(response);
  const retryAfter = response.headers.get("Retry-After");
  const headers = retryAfter === null ? {} : { "Retry-After": retryAfter };
  const data = await readBody(response, signal).catch(() => null);
  return Response.json(data, { status: response.status, headers });
}

const isNoAnswer = (status: number) => (status >= 300 && status < 400) || status >= 500;
