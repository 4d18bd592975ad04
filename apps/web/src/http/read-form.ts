import { SmarterosError } from "@smarteros/core";
import { readBody } from "./read-body.ts";

/** Reads a form of at most so many bytes. Throws `unsupported_media_type` or `payload_too_large`. */
export async function readForm(request: Request, maximum: number): Promise<URLSearchParams> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers.get("content-type") ?? ""))
    throw new SmarterosError("unsupported_media_type", "Send application/x-www-form-urlencoded.");
  return new URLSearchParams(Buffer.from(await readBody(request, maximum)).toString());
}
