import * as z from "zod";

/** One entry of the allow-list: a path whose `:name` segments have a schema each, and the body that a POST needs. */
export type AllowedPath = {
  method: "GET" | "POST";
  path: string;
  segments?: Record<string, z.ZodType<string>>;
  body?: z.ZodType;
};

/**
 * Everything that may be asked of the backend by path: whole paths, never beginnings of them. What has a tool of its own
 * does not belong here.
 */
export const allowedPaths: readonly AllowedPath[] = [
  { method: "GET", path: "/health" },
  { method: "POST", path: "/validate", body: z.strictObject({ ping: z.literal(true) }) },
  { method: "GET", path: "/tenants" },
  { method: "GET", path: "/tenants/:id", segments: { id: z.uuid() } },
];
