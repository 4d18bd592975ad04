import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { sessionVerifier } from "./session-token.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const unknownKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const issuer = "https://clerk.test";
const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
const now = () => Math.floor(Date.now() / 1000);

function token(
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  key: KeyObject = privateKey,
) {
  const usual = {
    iss: issuer,
    sub: "user_1",
    sid: "sess_1",
    iat: now(),
    nbf: now(),
    exp: now() + 60,
    azp: "https://app.test",
    sts: "active",
    role: "authenticated",
  };
  return new SignJWT({ ...usual, ...claims })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", ...header })
    .sign(key);
}

describe("session tokens", () => {
  const verify = sessionVerifier({ issuer, key: { pem }, origins: ["https://app.test"] });

  it("returns the principal and the token of a valid session token", async () => {
    const given = await token({ metadata: { role: "auditor" } });
    expect(await verify(given)).toMatchObject({
      token: given,
      principal: { userId: "user_1", role: "auditor" },
    });
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>?, KeyObject?]>([
    ["another issuer", { iss: "https://evil.test" }],
    ["no issuer", { iss: undefined }],
    ["another site", { azp: "https://evil.test" }],
    ["no site", { azp: undefined }],
    ["an expired one", { exp: now() - 10 }],
    ["one without end", { exp: undefined }],
    ["one of the year 5138", { exp: 99_999_999_999 }],
    ["one not valid yet", { nbf: now() + 60 }],
    ["one from the future", { iat: now() + 60 }],
    ["a pending session", { sts: "pending" }],
    ["no session", { sid: undefined }],
    ["no subject", { sub: "" }],
    ["the service role", { role: "service_role" }],
    ["an access token", {}, { typ: "at+jwt" }],
    ["an unknown key", {}, {}, unknownKey],
  ])("refuses %s", async (_, claims, header, key) => {
    await expect(verify(await token(claims, header, key))).rejects.toMatchObject({ code: "unauthorized" });
  });

  it.each<[string, Record<string, unknown>, RegExp, RegExp]>([
    [
      "an expired one, with what to send instead",
      { exp: now() - 10 },
      /has expired.*about a minute.*Authorization: Bearer/,
      /exp/,
    ],
    ["one of no site, with the setting for it", { azp: undefined }, /no azp.*CLERK_ALLOW_MISSING_AZP/, /azp/],
    ["one of another site", { azp: "https://other.test" }, /made for another site/, /https:\/\/other\.test/],
    ["one of another issuer", { iss: "https://other.test" }, /is not valid/, /iss/],
  ])("logs the reason for refusing %s", async (_, claims, message, cause) => {
    const refusal = await verify(await token(claims)).catch((thrown: Error) => thrown);
    expect(refusal).toMatchObject({
      message: expect.stringMatching(message),
      cause: expect.objectContaining({ message: expect.stringMatching(cause) }),
    });
  });

  it("takes a token of no site where that is allowed, and none of another site", async () => {
    const machines = sessionVerifier({
      issuer,
      key: { pem },
      origins: ["https://app.test"],
      allowMissingAzp: true,
    });
    expect(await machines(await token({ azp: undefined }))).toMatchObject({
      principal: { userId: "user_1" },
    });
    for (const azp of ["https://evil.test", "", null, ["https://app.test"]])
      await expect(machines(await token({ azp }))).rejects.toMatchObject({ code: "unauthorized" });
  });

  it("forgets a remembered token when it expires", async () => {
    const short = await token({ exp: now() + 1 });
    await verify(short);
    await expect
      .poll(
        () =>
          verify(short).then(
            () => "ok",
            (error) => error.code,
          ),
        { timeout: 9_000, interval: 500 },
      )
      .toBe("unauthorized");
  });

  it("checks no site where none is given", async () => {
    const anywhere = sessionVerifier({ issuer, key: { pem } });
    expect(await anywhere(await token({ azp: undefined }))).toMatchObject({
      principal: { userId: "user_1" },
    });
  });

  it("rejects with unavailable, not unauthorized, where the keys cannot be read", async () => {
    const offline = sessionVerifier({ issuer, key: { jwksUrl: "http://127.0.0.1:9/jwks.json" } });
    await expect(offline(await token())).rejects.toMatchObject({ code: "unavailable" });
  });
});
