import { httpUrl } from "@smarteros/core/settings";
import * as z from "zod";
import { addressesOf, RefusedHost } from "./address.ts";

const webhookUrl = z
  .string()
  .trim()
  .max(2_000)
  .pipe(httpUrl({ query: true, plainHttp: true, anyAddress: true }));
const email = z.string().trim().max(254).pipe(z.email("must be one address of mail"));

/** What is secret of a target: where it is and what opens it. */
export const targetSettings = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("slack"), url: webhookUrl }),
  z.strictObject({
    kind: z.literal("webhook"),
    url: webhookUrl,
    /** By the Standard Webhooks specification: 24 to 64 bytes in base64, with or without `whsec_`. */
    secret: z
      .string()
      .trim()
      .refine(isSigningSecret, "must be 24 to 64 bytes in base64, such as openssl rand -base64 32 makes"),
  }),
  z.strictObject({
    kind: z.literal("email"),
    to: email,
    from: email,
    smtpUrl: z
      .string()
      .trim()
      .max(2_000)
      .pipe(z.url({ protocol: /^smtps?$/, error: "must be smtps://user:password@host:465 or smtp://…:587" })),
  }),
]);

export type TargetSettings = z.infer<typeof targetSettings>;

/** A field of a target that cannot be, and what to do about it. */
export type TargetProblem = { field: string; message: string };

/** What may be shown of where a target leads. */
export function shownAddress(settings: TargetSettings): string {
  return settings.kind === "email" ? settings.to : new URL(settings.url).host;
}

/**
 * What is wrong with where a target leads: a host that is not public, or a way there that others can read along. Looks
 * the host up, which is done again when it is dialled.
 */
export async function targetProblem(
  settings: TargetSettings,
  { allowsInternal }: { allowsInternal: boolean },
): Promise<TargetProblem | undefined> {
  const field = settings.kind === "email" ? "smtpUrl" : "url";
  const url = new URL(settings.kind === "email" ? settings.smtpUrl : settings.url);
  if (url.protocol === "http:" && !allowsInternal) return { field, message: "must be an https URL" };
  try {
    await addressesOf(url.hostname, { allowsInternal });
    return undefined;
  } catch (error) {
    if (error instanceof RefusedHost) return { field, message: error.message };
    throw error;
  }
}

function isSigningSecret(text: string): boolean {
  const base64 = text.replace(/^whsec_/, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return false;
  const { length } = Buffer.from(base64, "base64");
  return length >= 24 && length <= 64;
}
