import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import type { JWK } from "jose";
import { createTokenSigner, isLocalUser, localUsers, publicJwk } from "./identity.ts";
import { isWebOrigin } from "./origin.ts";

const KIBIBYTE = 1024;

/** Creates the routes `POST /token` and `GET /jwks.json` of the local identity. */
export async function identityRoutes(options: { issuer: string; webOrigin: string; signingKey: JWK }) {
  const signToken = await createTokenSigner(options);
  const limit = bodyLimit({
    maxSize: 4 * KIBIBYTE,
    onError: (context) =>
      context.json({ error: "payload_too_large", message: "The body is over 4 KiB." }, 413),
  });

  return new Hono()
    .use(cors({ origin: (origin) => (isWebOrigin(origin, options.webOrigin) ? origin : null) }))
    .get("/jwks.json", (context) => context.json({ keys: [publicJwk(options.signingKey)] }))
    .post("/token", limit, async (context) => {
      // Another site's form can send a POST without a preflight, but not with this media type.
      if (!/^application\/json *(?:;|$)/i.test(context.req.header("content-type") ?? ""))
        return context.json(
          { error: "unsupported_media_type", message: "Send Content-Type: application/json." },
          415,
        );
      const user = await requestedUser(context.req.raw);
      if (!isLocalUser(user))
        return context.json(
          {
            error: "unknown_user",
            message: `No such user. Send {"user": "<name>"} with one of: ${localUsers.join(", ")}.`,
            users: localUsers,
          },
          404,
        );
      return context.json(await signToken(user), 200, { "Cache-Control": "no-store" });
    });
}

async function requestedUser(request: Request): Promise<unknown> {
  try {
    const body: unknown = await request.json();
    return body && typeof body === "object" && "user" in body ? body.user : undefined;
  } catch {
    return undefined;
  }
}
