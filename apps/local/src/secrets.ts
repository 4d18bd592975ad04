import { randomBytes, randomUUID } from "node:crypto";
import path from "node:path";
import { exportJWK, generateKeyPair } from "jose";
import * as z from "zod";
import { readFileIfAny, writePrivateFile } from "./private-file.ts";

const secrets = z.object({
  /** The passwords of the roles that log in. */
  passwords: z.object({ supabase_admin: z.string(), postgres: z.string(), authenticator: z.string() }),
  publishableKey: z.string().startsWith("sb_publishable_"),
  secretKey: z.string().startsWith("sb_secret_"),
  /** The local identity's private RSA key as a JSON Web Key. */
  signingKey: z.looseObject({
    kty: z.literal("RSA"),
    kid: z.string(),
    n: z.string(),
    e: z.string(),
    d: z.string(),
  }),
});

/** The secrets of an embedded project. */
export type Secrets = z.infer<typeof secrets>;

/** Loads the secrets of a folder, creating them the first time. */
export async function loadSecrets(folder: string): Promise<Secrets> {
  const file = path.join(folder, "secrets.json");
  const text = readFileIfAny(file);
  if (text !== undefined) return parse(text, file);
  const made = await makeSecrets();
  writePrivateFile(file, JSON.stringify(made));
  return made;
}

function parse(text: string, file: string): Secrets {
  try {
    return secrets.parse(JSON.parse(text));
  } catch {
    // Without the parser's message, which could quote a secret.
    throw new Error(`${file} is damaged. "npm run reset" starts afresh, without the data.`);
  }
}

async function makeSecrets(): Promise<Secrets> {
  const { privateKey } = await generateKeyPair("RS256", { modulusLength: 2048, extractable: true });
  return secrets.parse({
    passwords: { supabase_admin: random(), postgres: random(), authenticator: random() },
    publishableKey: `sb_publishable_${random()}`,
    secretKey: `sb_secret_${random()}`,
    signingKey: { ...(await exportJWK(privateKey)), kid: randomUUID(), alg: "RS256", use: "sig" },
  });
}

function random(): string {
  return randomBytes(24).toString("base64url");
}
