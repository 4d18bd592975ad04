import { createTokenSigner, type LocalUser, localUsers } from "../../apps/local/src/identity.ts";
import type { Stack } from "../../apps/local/src/stack.ts";

/** A sender of requests: its headers, and the role and claims that they mean to Postgres. */
export type Sender = {
  name: string;
  apikey: string;
  bearer: string;
  role: "anon" | "authenticated" | "service_role";
  claims: Record<string, unknown>;
};

/** Lists all senders of requests to the embedded project by name. */
export async function sendersOf(stack: Stack): Promise<Map<string, Sender>> {
  const { issuer, signingKey, publishableKey, secretKey } = stack;
  const sign = await createTokenSigner({ issuer, signingKey, webOrigin: "http://127.0.0.1:3000" });
  const user = async (name: LocalUser): Promise<Sender> => {
    const { token } = await sign(name);
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return { name, apikey: publishableKey, bearer: token, role: "authenticated", claims };
  };
  const keys = (name: string, key: string, role: Sender["role"]): Sender => {
    return { name, apikey: key, bearer: key, role, claims: {} };
  };
  const senders = [
    ...(await Promise.all(localUsers.map(user))),
    keys("anonymous", publishableKey, "anon"),
    keys("service", secretKey, "service_role"),
  ];
  return new Map(senders.map((sender) => [sender.name, sender]));
}

/** Finds the sender of a request by its credentials. */
export function senderOf(headers: Headers, senders: Map<string, Sender>): Sender {
  const bearer = headers.get("authorization")?.replace(/^Bearer /, "");
  const found = [...senders.values()].find((sender) => sender.bearer === bearer);
  if (!found) throw new Error("a request with credentials that are none of ours");
  return found;
}
