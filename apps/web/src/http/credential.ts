import { SmarterosError } from "@smarteros/core";

/**
 * The session token of a request: `Authorization: Bearer`, or else the cookie `__session`. A cookie comes along by
 * itself, so it counts only from our own pages; cURL sends neither Origin nor Sec-Fetch-Site and works. Throws
 * `unauthorized` where there is none and `forbidden` for a cookie from another site.
 */
export function sessionTokenOf(headers: Headers, origins: string[]): string {
  const authorization = headers.get("authorization");
  if (authorization !== null) {
    const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+) *$/i.exec(authorization)?.[1];
    if (token) return token;
    throw new SmarterosError("unauthorized", "The Authorization header must read: Bearer <session token>.");
  }
  const token = cookie(headers.get("cookie"), "__session");
  if (!token) {
    throw new SmarterosError(
      "unauthorized",
      "No session token. Send Authorization: Bearer <session token>, or sign in.",
    );
  }
  if (isForeign(headers, origins)) {
    throw new SmarterosError(
      "forbidden",
      "A session cookie is not accepted from another site. Send the token as Bearer.",
    );
  }
  return token;
}

/** Decides whether the browser sent the request from a page of another site. */
export function isForeign(headers: Headers, origins: string[]): boolean {
  const origin = headers.get("origin");
  if (origin !== null && !origins.includes(origin)) return true;
  const site = headers.get("sec-fetch-site");
  return site !== null && site !== "same-origin" && site !== "none";
}

function cookie(header: string | null, name: string): string | undefined {
  for (const pair of header?.split(";") ?? []) {
    const [key, ...value] = pair.trim().split("=");
    if (key === name) return value.join("=");
  }
  return undefined;
}
