import { SmarterosError } from "@smarteros/core";
import { readBody } from "./read-body.ts";

const maximum = 256 * 1024;

/** Reads a JSON body of at most 256 KiB, and stops reading where it is longer. */
export async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new SmarterosError(
      "unsupported_media_type",
      "Send JSON, with the header Content-Type: application/json.",
    );
  }
  const bytes = await readBody(request, maximum);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new SmarterosError("invalid_json", "The body is not valid JSON in UTF-8.");
  }
}
