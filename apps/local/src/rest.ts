import { randomBytes } from "node:crypto";
import { type HttpBindings, serve } from "@hono/node-server";
import { App } from "@supabase/lite";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { JWK } from "jose";
import { createBearerExchange } from "./bearer.ts";
import { type DatabaseUrls, openConnection } from "./connection.ts";
import { identityPath, publicJwk } from "./identity.ts";
import { identityRoutes } from "./identity-routes.ts";
import { isOwnHost, isWebOrigin } from "./origin.ts";
import { restRequest } from "./request-transaction.ts";

const MEBIBYTE = 1_048_576;
/** PostgREST's `max-rows` in a hosted project. */
const DEFAULT_MAX_ROWS = 1000;

export type RestSettings = DatabaseUrls & {
  port: number;
  /** The web app's origin: the only one with CORS access, and the tokens' `azp`. */
  webOrigin: string;
  publishableKey: string;
  secretKey: string;
  signingKey: JWK;
  /** The maximum of rows in a response; further rows are cut off without an error. 1000 by default. */
  maxRows?: number | undefined;
};

/** Serves `/rest/v1/*` as Supabase does, and the local identity under `/identity`, on the loopback interface. */
export async function serveRest(settings: RestSettings) {
  const connection = await openConnection(settings);
  // Used only between this process and lite, so it need not survive a restart.
  const secret = randomBytes(32).toString("base64url");
  const lite = new App({
    connection,
    auth: {
      enabled: false,
      jwt_secret: secret,
      publishable_key: settings.publishableKey,
      secret_key: settings.secretKey,
    },
    api: {
      schemas: ["public"],
      max_rows: settings.maxRows ?? DEFAULT_MAX_ROWS,
      // UPDATE and DELETE without a filter fail with 21000.
      pg_safe_update: true,
    },
    options: { server: { disableStudio: true, admin: false } },
  });
  await lite.init();
  // https://docs.postgrest.org/en/v13/references/listener.html
  await connection.driver.listen("pgrst", async (payload) => {
    if (payload === "reload config") await connection.reloadRoleSettings();
    else await connection.clearSchemaCache();
  });

  const issuer = `http://127.0.0.1:${settings.port}${identityPath}`;
  // The second issuer is that of tokens minted by a trusted host with a key known to Supabase.
  const exchangeBearer = createBearerExchange({
    issuers: [issuer, `http://127.0.0.1:${settings.port}/auth/v1`],
    publicKey: publicJwk(settings.signingKey),
    secret: new TextEncoder().encode(secret),
  });

  const app = new Hono<{ Bindings: HttpBindings }>()
    .use(async (context, next) => {
      const { host, origin } = context.env.incoming.headers;
      if (!isOwnHost(host, settings.port)) return refuse("This Host is not served here.");
      if (origin !== undefined && !isWebOrigin(origin, settings.webOrigin))
        return refuse("This Origin may not call here.");
      return next();
    })
    .route(identityPath, await identityRoutes({ ...settings, issuer }))
    .all("/rest/v1/*", bodyLimit({ maxSize: 2 * MEBIBYTE }), async (context) => {
      const { method, path } = context.req;
      const request = { method, path: path.slice("/rest/v1".length), headers: context.req.header() };
      const respond = (raw: Request) =>
        restRequest.run(request, () => lite.fetch(raw, { peerAddress: null }));
      const header = context.req.header("authorization");
      if (header === undefined) return respond(context.req.raw);
      const authorization = await exchangeBearer(header);
      if (authorization === undefined) return invalidToken();
      const headers = new Headers(context.req.raw.headers);
      headers.set("authorization", authorization);
      return respond(new Request(context.req.raw, { headers }));
    });

  const server = serve({
    fetch: app.fetch,
    port: settings.port,
    hostname: "127.0.0.1",
    serverOptions: { headersTimeout: 10_000, requestTimeout: 15_000, connectionsCheckingInterval: 2_000 },
  });
  await new Promise((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  });
  return { connection, server };
}

function refuse(message: string): Response {
  return Response.json({ error: "forbidden", message }, { status: 403 });
}

function invalidToken(): Response {
  return Response.json(
    { code: "PGRST301", message: "JWT invalid", details: null, hint: null },
    { status: 401, headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' } },
  );
}
