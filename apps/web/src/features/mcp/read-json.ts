import { SmarterosError } from "@smarteros/core";

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
  const bytes = await readBytes(request);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new SmarterosError("invalid_json", "The body is not valid JSON in UTF-8.");
  }
}

async function readBytes(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > maximum) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > maximum) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge() {
  return new SmarterosError(
    "payload_too_large",
    `The body is larger than ${maximum / 1024} KiB. Send less at a time.`,
  );
}
