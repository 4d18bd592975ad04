import { OpenAPIHono } from "@hono/zod-openapi";
import { type Logger, SmarterosError } from "@smarteros/core";
import type { SupabaseClient } from "@smarteros/supabase";
import { createReplayGuard, rememberedSeconds } from "@smarteros/tools-fastapi/assertion";
import { bodyLimit } from "hono/body-limit";
import { methodNotAllowed } from "hono/method-not-allowed";
import { secureHeaders } from "hono/secure-headers";
import { authenticate } from "./authenticate.ts";
import { docsPage, docsStyleHash } from "./docs-page.ts";
import type { BackendSettings } from "./env.ts";
import { healthCheck } from "./health.ts";
import { logRequest } from "./log-request.ts";
import { n8nWebhooks } from "./n8n-webhooks.ts";
import { describeApi } from "./openapi.ts";
import type { Provisioning } from "./provisioning.ts";
import { identifyRequest, type RequestContext } from "./request-context.ts";
import { respondWithError } from "./respond-error.ts";
import { healthRoutes } from "./routes/health.ts";
import { n8nRoutes } from "./routes/n8n.ts";
import { serviceRoutes } from "./routes/services.ts";
import { tenantRoutes } from "./routes/tenants.ts";
import { validateRoutes } from "./routes/validate.ts";
import { vendorPaths, vendorRoutes } from "./routes/vendors.ts";
import { tenantReader } from "./tenants.ts";
import { traceRequest } from "./trace-request.ts";

const maxBodyBytes = 65_536;

type AppParts = {
  settings: BackendSettings;
  logger: Logger;
  service: SupabaseClient;
  /** Without it, routes that provision respond `unavailable`. */
  provisioning: Provisioning | undefined;
};

/** Creates the service as a fetch handler. */
export function createApp({ settings, logger, service, provisioning }: AppParts) {
  const assertions = {
    secret: new TextEncoder().encode(settings.secret),
    audience: settings.origin,
    guard: createReplayGuard({ keptForMs: rememberedSeconds * 1000 }),
    since: Math.floor(Date.now() / 1000),
  };

  const app = new OpenAPIHono<RequestContext>();
  app.onError((thrown, context) => respondWithError(logger, thrown, context));
  app.notFound((context) =>
    respondWithError(logger, new SmarterosError("not_found", "There is no such path. See /docs."), context),
  );
  app.use(
    identifyRequest,
    traceRequest(),
    logRequest(logger),
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: [docsStyleHash],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
      xFrameOptions: "DENY",
    }),
    async (context, next) => {
      await next();
      context.header("Cache-Control", "no-store");
    },
    methodNotAllowed({
      app,
      onMethodNotAllowed: (context, methods) => {
        const Allow = methods.join(", ");
        if (context.req.method === "OPTIONS") return new Response(null, { status: 204, headers: { Allow } });
        const message = `${context.req.method} is not possible here. Use ${methods.join(" or ")}.`;
        const response = respondWithError(logger, new SmarterosError("method_not_allowed", message), context);
        response.headers.set("Allow", Allow);
        return response;
      },
    }),
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => {
        throw new SmarterosError("payload_too_large", `The body is larger than ${maxBodyBytes / 1024} KiB.`);
      },
    }),
  );
  app.route("/", healthRoutes(healthCheck(service)));
  app.route("/", validateRoutes());
  const tenants = tenantReader(service);
  // Before the schemas of all routes, so that their messages need an assertion.
  const authenticated = authenticate(assertions);
  for (const path of ["/tenants", "/tenants/:id", "/services/*", ...vendorPaths])
    app.use(path, authenticated);
  app.route("/", tenantRoutes(tenants));
  app.route("/", serviceRoutes(tenants, provisioning));
  app.route("/", n8nRoutes(tenants, n8nWebhooks(service), provisioning));
  app.route("/", vendorRoutes(tenants, provisioning));

  const description = describeApi(app, settings.origin);
  const page = docsPage(description);
  app.get("/openapi.json", (context) => context.json(description));
  app.get("/docs", (context) => context.html(page));
  return app;
}
