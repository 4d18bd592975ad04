import { vendorDetails } from "@smarteros/connectors/vendors";
import type { Capability } from "@smarteros/core";

/** A JSON Schema 2020-12. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/**
 * One entry of the allow-list: a path of the backend with exact segments and `:name` segments, by one method. What the
 * entry does not describe is not sent: without `query` no parameter, without `body` no body.
 */
export type AllowedPath = {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Schemas of `:name` segments. Any segment is of at most 128 letters, digits and `-._~`, and does not begin with a dot. */
  readonly segments?: Readonly<Record<string, JsonSchema>> | undefined;
  /** Schema of the parameters of a GET, which are text, numbers or booleans. */
  readonly query?: JsonSchema | undefined;
  /** Schema of the JSON object that a POST sends. */
  readonly body?: JsonSchema | undefined;
  /** The capability that a caller needs for this path; `write` by default. */
  readonly capability?: Capability | undefined;
};

const uuid = { type: "string", format: "uuid" };
const ofTenant = {
  type: "object",
  properties: { tenant_id: uuid },
  required: ["tenant_id"],
  additionalProperties: false,
};
const ping = {
  type: "object",
  properties: { ping: { const: true } },
  required: ["ping"],
  additionalProperties: false,
};

/** The default allow-list: the paths of `apps/backend` that no tool calls. */
export const defaultPaths: readonly AllowedPath[] = [
  { method: "GET", path: "/health" },
  { method: "POST", path: "/validate", body: ping },
  { method: "GET", path: "/tenants", query: { type: "object" } },
  { method: "GET", path: "/tenants/:id", segments: { id: uuid } },
  ...Object.values(vendorDetails).map(
    ({ resourcePath }): AllowedPath => ({ method: "GET", path: resourcePath, query: ofTenant }),
  ),
];
