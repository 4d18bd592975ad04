import type { OpenAPIHono } from "@hono/zod-openapi";
import type { RequestContext } from "./request-context.ts";
import { version } from "./version.ts";

export type ApiDescription = ReturnType<typeof describeApi>;

/** Returns the OpenAPI 3.1 description of the routes added so far. */
export function describeApi(app: OpenAPIHono<RequestContext>, origin: string) {
  app.openAPIRegistry.registerComponent("securitySchemes", "assertion", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description:
      "HS256 with FASTAPI_SECRET, for 60 s and one use: iss `smarteros`, aud this server's origin, sub, capabilities, jti, iat, exp.",
  });
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "SmarterOS backend",
      version,
      description: "The service behind FASTAPI_URL. The tools fastapi.get and fastapi.post call it.",
      license: { name: "UNLICENSED" },
    },
    servers: [{ url: origin }],
  });
}
