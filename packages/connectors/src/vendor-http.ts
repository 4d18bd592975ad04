import { failedToConnect } from "@smarteros/core/failed-to-connect";
import { retryAfter } from "@smarteros/core/retry-after";
import ky, { HTTPError, type KyInstance, TimeoutError } from "ky";
import type * as z from "zod";
import { ConnectorError, type ConnectorErrorKind, type Remedy } from "./connector-error.ts";
import type { Creation, Outcome } from "./creation.ts";
import { buffered, notJson, UnusableResponse } from "./response-body.ts";
import { type ListSelection, selected } from "./response-list.ts";
import type { Vendor } from "./vendors.ts";

/** Options of every connector. */
export type ConnectorOptions = {
  fetch?: typeof globalThis.fetch;
  /** Timeout of one request including its body, in milliseconds; 10 000 by default. Slow calls have six times as long. */
  timeoutMs?: number;
};

/** Classifies errors for which the status is misleading; undefined for others. */
export type Classify = (status: number, body: unknown) => Meaning | undefined;
type Meaning = { kind: ConnectorErrorKind; remedy: Remedy };

type VendorRequest<Data> = {
  /** Name of the call for errors, such as `inbox.create`. */
  operation: string;
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  json?: unknown;
  /** Serialized JSON, instead of `json`. */
  body?: string;
  headers?: Record<string, string>;
  response: z.ZodType<Data>;
  /** True when the call changes nothing and may be retried; by default for GET only. */
  reads?: boolean;
  /** Reads an array of any length; `response` is then the schema of the array of the selected elements. */
  select?: ListSelection;
  /** True for a call that takes long where there is much, such as an unpaged list. */
  isSlow?: boolean;
  timeoutMs?: number;
  /** The creation that the request is part of, if it changes something. */
  creation?: Creation;
  signal: AbortSignal;
};

/** Calls a vendor. Rejects with `ConnectorError`, or with the reason of the caller's signal. */
export type VendorHttp = <Data>(request: VendorRequest<Data>) => Promise<Data>;

const retriedStatuses = [429, 502, 503, 504];
/** Above this Retry-After, the call fails and the caller schedules the retry. */
const maxWaitMs = 2_000;
/** Timeout of a slow call as a multiple of the usual one. */
const slowFactor = 6;

/** Creates the HTTP client of one vendor's installation, for reuse. */
export function createVendorHttp(
  vendor: Vendor,
  base: { url: string; headers: Record<string, string>; classify?: Classify },
  { fetch = globalThis.fetch, timeoutMs: defaultTimeoutMs = 10_000 }: ConnectorOptions = {},
): VendorHttp {
  const client = createClient(base.headers);
  const folder = base.url.replace(/\/+$/, "");
  return async ({ operation, method = "GET", path, query, response: schema, ...request }) => {
    const { json, body, headers, reads = method === "GET", isSlow = false, select, signal } = request;
    const { timeoutMs = isSlow ? slowFactor * defaultTimeoutMs : defaultTimeoutMs } = request;
    const creation = reads ? undefined : request.creation;
    await creation?.begin();
    const sending = createSending({ fetch, creation, select });
    try {
      const response = await client(folder + path, {
        method,
        signal,
        fetch: sending.fetch,
        timeout: timeoutMs,
        ...(query && { searchParams: query }),
        ...(headers && { headers }),
        ...(json !== undefined && { json }),
        ...(body !== undefined && { body, headers: { "Content-Type": "application/json", ...headers } }),
        retry: reads ? { limit: 2, methods: [method.toLowerCase() as "get" | "post"] } : { limit: 0 },
      });
      const data = parse(await response.text(), response, schema);
      creation?.ended("done");
      return data;
    } catch (thrown) {
      const failure = failureOf(thrown, signal, base.classify);
      const outcome = reads || !sending.isSent() ? "none" : outcomeOf(thrown, failure.kind);
      creation?.ended(outcome);
      if (signal.aborted && !isDeadline(signal.reason)) throw signal.reason;
      throw new ConnectorError({ vendor, operation, outcome, ...failure });
    }
  };
}

/** Returns the client for the requests of a creation. */
export const within =
  (creation: Creation, http: VendorHttp): VendorHttp =>
  (request) =>
    http({ ...request, creation });

/** Thrown in place of a request of a creation when the check of the task is too old. */
class Stalled extends Error {}

type Sending = {
  fetch: typeof globalThis.fetch;
  creation: Creation | undefined;
  select: ListSelection | undefined;
};

/** Creates the `fetch` of one call, which also records whether a request was handed over. */
function createSending({ fetch, creation, select }: Sending) {
  let isSent = false;
  const send: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (creation && !creation.isFresh()) throw new Stalled();
    isSent ||= !request.signal.aborted;
    const response = await fetch(request);
    return select ? selected(response, select, request.signal) : buffered(response, request.signal);
  };
  return { fetch: send, isSent: () => isSent };
}

function createClient(headers: Record<string, string>): KyInstance {
  return ky.create({
    headers: { Accept: "application/json", ...headers },
    credentials: "omit",
    redirect: "manual",
    retry: {
      statusCodes: retriedStatuses,
      afterStatusCodes: retriedStatuses,
      delay: (attempt) => 200 * 2 ** (attempt - 1),
      backoffLimit: 1_000,
      maxRetryAfter: maxWaitMs,
      shouldRetry: ({ error }) =>
        error instanceof HTTPError && (retryAfter(error.response.headers) ?? 0) > maxWaitMs
          ? false
          : undefined,
    },
  });
}

function parse<Data>(text: string, response: Response, schema: z.ZodType<Data>): Data {
  const parsed = schema.safeParse(text === "" ? undefined : parseJson(text, response));
  if (!parsed.success) throw new UnusableResponse(response.status, "unexpected_shape");
  return parsed.data;
}

function parseJson(text: string, response: Response): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notJson(response);
  }
}

type Failure = Omit<ConstructorParameters<typeof ConnectorError>[0], "vendor" | "operation">;

/** Converts a thrown error without text of the body, the request or the error, which may contain secrets. */
function failureOf(thrown: unknown, signal: AbortSignal, classify: Classify | undefined): Failure {
  const down = { kind: "unavailable", remedy: "check_service" } as const;
  if (signal.aborted) return { ...down, reason: "deadline" };
  if (thrown instanceof Stalled) return { kind: "unavailable", remedy: "wait_and_retry", reason: "stalled" };
  if (thrown instanceof TimeoutError) return { ...down, reason: "timeout" };
  if (thrown instanceof UnusableResponse) {
    const { status, reason } = thrown;
    // The address leads to something else, such as a web page. A proxy's page may be temporary, so that retries are right.
    if (reason === "other_content") return { kind: "unavailable", remedy: "check_settings", status, reason };
    return { kind: "unknown", remedy: "check_vendor_version", status, reason };
  }
  if (!(thrown instanceof HTTPError)) return { ...down, reason: "no_connection" };
  const { status, headers } = thrown.response;
  const meaning = classify?.(status, thrown.data) ?? meaningOf(status);
  const retryAfterMs = retryAfter(headers);
  return {
    ...meaning,
    status,
    ...(status >= 300 && status < 400 && { reason: "redirect" as const }),
    ...(retryAfterMs !== undefined &&
      ["rate_limited", "unavailable"].includes(meaning.kind) && { retryAfterMs }),
  };
}

/** Kinds of a response with which the vendor certainly refused a request, with any status. */
const refusals: readonly ConnectorErrorKind[] = [
  "auth",
  "forbidden",
  "licence",
  "not_found",
  "conflict",
  "validation",
  "rate_limited",
  "quota",
];

/** Returns the outcome of a state-changing request that was handed over and failed. */
function outcomeOf(thrown: unknown, kind: ConnectorErrorKind): Exclude<Outcome, "done"> {
  if (thrown instanceof HTTPError) {
    const { status } = thrown.response;
    // A proxy sends 408 too, for a request that the vendor has received.
    const isRefused = refusals.includes(kind) || (status >= 400 && status < 500 && status !== 408);
    return isRefused ? "none" : "unknown";
  }
  return failedToConnect(thrown) ? "none" : "unknown";
}

function meaningOf(status: number): Meaning {
  const known: Record<number, Meaning> = {
    400: { kind: "validation", remedy: "check_input" },
    401: { kind: "auth", remedy: "check_credential" },
    402: { kind: "quota", remedy: "raise_quota" },
    403: { kind: "forbidden", remedy: "grant_permission" },
    404: { kind: "not_found", remedy: "check_settings" },
    408: { kind: "unavailable", remedy: "check_service" },
    409: { kind: "conflict", remedy: "resolve_name_clash" },
    413: { kind: "validation", remedy: "check_input" },
    422: { kind: "validation", remedy: "check_input" },
    429: { kind: "rate_limited", remedy: "wait_and_retry" },
  };
  if (known[status]) return known[status];
  if (status >= 500) return { kind: "unavailable", remedy: "check_service" };
  if (status < 400) return { kind: "unknown", remedy: "check_settings" };
  return { kind: "unknown", remedy: "check_vendor_version" };
}

/** Returns whether a signal's reason is that of a deadline, such as `AbortSignal.timeout` has. */
export function isDeadline(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === "TimeoutError";
}
