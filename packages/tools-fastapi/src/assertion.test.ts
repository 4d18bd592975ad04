import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { createPrincipal, SmarterosError } from "@smarteros/core";
import { type JWTPayload, SignJWT } from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import { createReplayGuard, rememberedSeconds, signAssertion, verifyAssertion } from "./assertion.ts";
import { callOf } from "./upstream.fixture.ts";

const secret = new TextEncoder().encode("a secret of the two, 32 characters and more");
const audience = "http://127.0.0.1:8000";
let guard = createReplayGuard({ keptForMs: rememberedSeconds * 1000 });
beforeEach(() => {
  guard = createReplayGuard({ keptForMs: rememberedSeconds * 1000 });
});

const verify = (assertion: string, change = {}) =>
  verifyAssertion(assertion, { secret, audience, guard, since: 0, ...change });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "taken",
    (thrown) => {
      expect(SmarterosError.isInstance(thrown)).toBe(true);
      return thrown.code as string;
    },
  );

const now = () => Math.floor(Date.now() / 1000);
const claims = (): JWTPayload => ({
  iss: "smarteros",
  aud: audience,
  sub: "user_1",
  capabilities: ["read", "write"],
  jti: crypto.randomUUID(),
  iat: now(),
  exp: now() + 60,
});
const signed = (payload: JWTPayload, alg = "HS256", key: Parameters<SignJWT["sign"]>[0] = secret) =>
  new SignJWT(payload).setProtectedHeader({ alg }).sign(key);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("an assertion", () => {
  it("carries the caller and its capabilities", async () => {
    const { userId, capabilities } = await verify(await signAssertion(secret, audience, callOf("user_9")));
    expect(userId).toBe("user_9");
    expect([...capabilities]).toEqual(["read", "write"]);
  });

  it("of an administrator carries that role", async () => {
    const call = { ...callOf(), principal: createPrincipal("boss", "admin") };
    expect((await verify(await signAssertion(secret, audience, call))).capabilities.has("admin")).toBe(true);
  });

  it("is taken once", async () => {
    const assertion = await signAssertion(secret, audience, callOf());
    const endings = await Promise.all(Array.from({ length: 5 }, () => codeOf(verify(assertion))));
    expect(endings.toSorted()).toEqual(["taken", ...Array(4).fill("unauthorized")]);
  });

  it("is not used up by one who cannot sign", async () => {
    const assertion = await signAssertion(secret, audience, callOf());
    const forged = `${assertion.slice(0, -4)}AAAA`;
    expect(await codeOf(verify(forged))).toBe("unauthorized");
    expect(await codeOf(verify(assertion))).toBe("taken");
  });

  it("may be a little ahead or late, for clocks that differ", async () => {
    expect(await codeOf(verify(await signed({ ...claims(), iat: now() + 3, exp: now() + 63 })))).toBe(
      "taken",
    );
    expect(await codeOf(verify(await signed({ ...claims(), iat: now() - 62, exp: now() - 2 })))).toBe(
      "taken",
    );
  });

  it("from before the guard's time is refused, as after a restart", async () => {
    const old = () => signed({ ...claims(), iat: now() - 20, exp: now() + 40 });
    expect(await codeOf(verify(await old(), { since: now() - 20 }))).toBe("taken");
    expect(await codeOf(verify(await old(), { since: now() }))).toBe("unauthorized");
  });

  it.each<[string, JWTPayload]>([
    ["expired", { iat: now() - 120, exp: now() - 60 }],
    ["made ahead", { iat: now() + 60, exp: now() + 120 }],
    ["long-lived", { exp: now() + 3600 }],
    ["old, with an end that was moved", { iat: now() - 600, exp: now() + 30 }],
    ["without an end", { exp: undefined }],
    ["without a beginning", { iat: undefined }],
    ["not yet valid", { nbf: now() + 60 }],
    ["for another backend", { aud: "http://127.0.0.1:8001" }],
    ["for this origin and another", { aud: [audience, "http://evil.test"] }],
    ["for nobody", { aud: undefined }],
    ["by another issuer", { iss: "https://clerk.test" }],
    ["without an issuer", { iss: undefined }],
    ["without a subject", { sub: undefined }],
    ["of a blank subject", { sub: "  " }],
    ["of a subject that is no text", { sub: 1 as unknown as string }],
    ["without an id", { jti: undefined }],
    ["with an id that is none", { jti: "1" }],
    ["without capabilities", { capabilities: undefined }],
    ["of unknown capabilities", { capabilities: ["read", "root"] }],
    ["of capabilities in a text", { capabilities: "admin" }],
  ])("%s is refused", async (_, change) => {
    expect(await codeOf(verify(await signed({ ...claims(), ...change })))).toBe("unauthorized");
  });

  it.each(["HS384", "HS512"])("by %s is refused", async (alg) => {
    const long = Buffer.concat([secret, secret]);
    expect(await codeOf(verify(await signed(claims(), alg, long), { secret: long }))).toBe("unauthorized");
  });

  it("by another secret is refused", async () => {
    expect(await codeOf(verify(await signed(claims(), "HS256", Buffer.alloc(32, 7))))).toBe("unauthorized");
  });

  it.each(["none", "None", "NONE", ""])('with the algorithm "%s" is refused', async (alg) => {
    for (const signature of ["", "AAAA"]) {
      const token = `${encode({ alg, typ: "JWT" })}.${encode(claims())}.${signature}`;
      expect(await codeOf(verify(token))).toBe("unauthorized");
    }
  });

  it("by RS256 is refused with any secret", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const content = `${encode({ alg: "RS256" })}.${encode(claims())}`;
    const rs256 = `${content}.${sign("sha256", Buffer.from(content), privateKey).toString("base64url")}`;
    expect(await codeOf(verify(rs256))).toBe("unauthorized");
    // The other way round: a header of RS256 over a signature made with the secret itself, and with the key as secret.
    const hmac = (key: string | Buffer) => createHmac("sha256", key).update(content).digest("base64url");
    expect(await codeOf(verify(`${content}.${hmac(Buffer.from(secret))}`))).toBe("unauthorized");
    const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
    expect(await codeOf(verify(`${content}.${hmac(pem)}`, { secret: new TextEncoder().encode(pem) }))).toBe(
      "unauthorized",
    );
  });

  it.each(["", "x", "a.b", "a.b.c", "..", `${"a".repeat(100_000)}.b.c`])(
    "%# that is no token is refused",
    async (text) => {
      expect(await codeOf(verify(text))).toBe("unauthorized");
    },
  );

  it("for one user cannot be turned into one for another", async () => {
    const assertion = await signAssertion(secret, audience, callOf("user_1"));
    const [header, , signature] = assertion.split(".");
    expect(await codeOf(verify(`${header}.${encode({ ...claims(), sub: "user_2" })}.${signature}`))).toBe(
      "unauthorized",
    );
  });

  it("is refused with the same message for any fault", async () => {
    const used = await signed(claims());
    await verify(used);
    const messages = await Promise.all(
      [
        used,
        "x",
        await signed({ ...claims(), exp: now() - 90 }),
        await signed({ ...claims(), aud: "x" }),
      ].map((one) => verify(one).catch((thrown) => thrown.message)),
    );
    expect(new Set(messages).size).toBe(1);
  });
});

describe("the guard", () => {
  it("forgets an id when its assertion is long refused anyway, and takes no more than it can hold", async () => {
    let time = 0;
    const small = createReplayGuard({ keptForMs: 1000, capacity: 2, now: () => time });
    expect(await small.use("a")).toBe("fresh");
    time = 500;
    expect(await small.use("b")).toBe("fresh");
    expect(await small.use("c")).toBe("full");
    expect(await small.use("a")).toBe("used");
    time = 1000;
    expect(await small.use("c")).toBe("fresh");
    expect(await small.use("b")).toBe("used");
    expect(await small.use("d")).toBe("full");
  });

  it("that is full refuses every assertion", async () => {
    const full = createReplayGuard({ keptForMs: 1000, capacity: 0 });
    expect(await codeOf(verify(await signed(claims()), { guard: full }))).toBe("unavailable");
  });

  it("remembers for as long as an assertion may be shown at all", () => {
    expect(rememberedSeconds).toBeGreaterThanOrEqual(70);
  });
});
