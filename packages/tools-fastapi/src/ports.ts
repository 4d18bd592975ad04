import type { Call } from "@smarteros/core";
import type * as z from "zod";
import type { answer } from "./answer.ts";

/** A request as its caller words it; nothing of it has been checked. */
export type BackendRequest = {
  method: "GET" | "POST";
  path: string;
  query?: Record<string, string | number | boolean> | undefined;
  body?: unknown;
};

export type BackendAnswer = z.infer<typeof answer>;

/** The service behind FASTAPI_URL, called on behalf of a call's principal. */
export type Backend = {
  /**
   * Resolves to what the backend answers with 2xx or 4xx. Rejects with `invalid_input` for what is not on the
   * allow-list, `upstream_timeout` when there is no whole answer in time, and `upstream_error` for any other answer or
   * none. The call's signal ends the request itself.
   */
  request(request: BackendRequest, call: Call): Promise<BackendAnswer>;
};

export type BackendPorts = { backend: Backend };
