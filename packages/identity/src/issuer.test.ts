import { generateKeyPairSync } from "node:crypto";
import { expect, it } from "vitest";
import * as z from "zod";
import { clerkIssuer, clerkSettings, frontendHost, localIssuer } from "./issuer.ts";

const keyOf = (text: string) => Buffer.from(text).toString("base64");

it("reads the issuer from the publishable key, unless another is named", () => {
  const NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY = `pk_live_${keyOf("clerk.smarterbot.cl$")}`;
  const byKey = {
    issuer: "https://clerk.smarterbot.cl",
    key: { jwksUrl: "https://clerk.smarterbot.cl/.well-known/jwks.json" },
  };
  expect(clerkIssuer({ NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY })).toEqual(byKey);
  expect(
    clerkIssuer({
      NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY,
      CLERK_ISSUER: "https://other.test",
      CLERK_JWT_KEY: "pem",
    }),
  ).toEqual({
    issuer: "https://other.test",
    key: { pem: "pem" },
  });
  expect(clerkIssuer({})).toBeUndefined();
});

it("takes no publishable key that carries anything but a host", () => {
  for (const text of ["clerk.test", "clerk.test/path$", "user:pw@clerk.test$", "", "$"]) {
    expect(frontendHost(`pk_test_${keyOf(text)}`), text).toBeUndefined();
  }
  expect(frontendHost(`sk_test_${keyOf("clerk.test$")}`)).toBeUndefined();
});

it("takes a public RSA key, also written on one line, and no private one", () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const schema = z.object(clerkSettings);
  const publicPem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const accepts = (pem: string) => schema.safeParse({ CLERK_JWT_KEY: pem }).success;
  expect(accepts(publicPem)).toBe(true);
  expect(accepts(publicPem.replaceAll("\n", "\\n"))).toBe(true);
  expect(accepts(privateKey.export({ type: "pkcs8", format: "pem" }).toString())).toBe(false);
  expect(accepts("not a key")).toBe(false);
});

it("finds the local identity beside its Supabase", () => {
  expect(localIssuer("http://127.0.0.1:54321/").tokenUrl).toBe("http://127.0.0.1:54321/identity/token");
});
