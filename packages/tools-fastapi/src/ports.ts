import type { Call } from "@smarteros/core";
import type * as z from "zod";
import type { AllowList } from "./allow-list.ts";
import type { backendResponse } from "./response.ts";

/** A request as its caller words it, of which nothing has been checked, and the list that it is held against. */
export type BackendRequest = {
  allowed: AllowList;
  method: "GET" | "POST";
  path: string;
  query?: Record<string, string | number | boolean> | undefined;
  body?: unknown;
};

export type BackendResponse = z.infer<typeof backendResponse>;

/** A request of a tool with a fixed path: its method is fixed, its path is built from checked parts. */
export type FixedRequest<Schema extends z.ZodType = z.ZodType> = {
  method: "GET" | "POST" | "PUT";
  path: string;
  query?: Record<string, string> | undefined;
  body?: unknown;
  response: Schema;
  /** Returns whether a response is about the request: the backend is not trusted. */
  matches(response: z.output<Schema>): boolean;
  /** Milliseconds for all of it; the backend's own deadline by default. */
  deadlineMs?: number;
};

/** The service behind FASTAPI_URL, called on behalf of a call's principal. */
export type Backend = {
  /**
   * Resolves to the backend's response of 2xx or 4xx. Rejects with `invalid_input` for a path that is not on the
   * allow-list, `forbidden` for one that needs another capability, `upstream_timeout` without a complete response in time, and
   * for any other response or none with the backend's own refusal where it has the shape of one (`unavailable`, a vendor's
   * failure), else with `upstream_error`. The call's signal aborts the request itself.
   */
  request(request: BackendRequest, call: Call): Promise<BackendResponse>;
  /**
   * Resolves to the backend's parsed response of 2xx. Rejects with the backend's own refusal where it has the shape of one,
   * and with `upstream_error` for any other; timeout and cancellation as above.
   */
  fetch<Schema extends z.ZodType>(request: FixedRequest<Schema>, call: Call): Promise<z.output<Schema>>;
};

export type BackendPorts = { backend: Backend };
