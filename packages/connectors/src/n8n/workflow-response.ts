import { readBoundedBody } from "@smarteros/core/bounded-body";

/** What a workflow responded with. `notice` says why there is no data although it responded with a body. */
export type WorkflowResponse = { status: number; data: unknown; notice?: string };

const maxBytes = 524_288;
/** Levels of JSON. Deeper JSON is given as text. */
const maxDepth = 100;

/** Characters that are not in text: control characters but tab, line feed, form feed, carriage return and escape. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: binary data has them and text has not.
const binary = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f]/;

/**
 * Reads the response of a workflow with any status: JSON as JSON, text as a string, null where there is no body. Of a body
 * that is neither, and of one above 512 KiB after decompression, gives a notice. Rejects when the body breaks off, and with
 * the signal's reason.
 */
export async function readWorkflowResponse(
  response: Response,
  signal: AbortSignal,
): Promise<WorkflowResponse> {
  const { status, headers } = response;
  // One byte more shows that there is more.
  const bytes = await readBoundedBody(response.body, { maxBytes: maxBytes + 1, signal });
  if (bytes.byteLength === 0) return { status, data: null };
  if (bytes.byteLength > maxBytes) return withheld(status, `more than ${maxBytes / 1024} KiB`);
  const [type = "", ...parameters] = (headers.get("content-type") ?? "").toLowerCase().split(";");
  const text = decoded(bytes, charsetOf(parameters));
  if (text === undefined) return withheld(status, "binary data");
  const isJson = /^application\/([\w.-]+\+)?json$/.test(type.trim());
  return { status, data: isJson ? parsed(text) : text };
}

const withheld = (status: number, what: string): WorkflowResponse => ({
  status,
  data: null,
  notice: `The workflow responded with ${what}, which is not given here.`,
});

function charsetOf(parameters: string[]): string {
  const charset = parameters.map((one) => one.trim()).find((one) => one.startsWith("charset="));
  return charset?.slice("charset=".length).replaceAll('"', "") || "utf-8";
}

/** Returns undefined for what is no text in its character set. */
function decoded(bytes: Uint8Array, charset: string): string | undefined {
  try {
    const text = new TextDecoder(charset, { fatal: true }).decode(bytes);
    return binary.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Returns the text itself where it is no JSON, or too deeply nested. */
function parsed(text: string): unknown {
  try {
    return storable(JSON.parse(text), maxDepth);
  } catch {
    return text;
  }
}

/** Copies JSON with U+FFFD for what no database stores in a text: U+0000 and halves of surrogate pairs. */
function storable(value: unknown, levels: number): unknown {
  if (typeof value === "string") return value.toWellFormed().replaceAll("\u0000", "\ufffd");
  if (typeof value !== "object" || value === null) return value;
  if (levels === 0) throw new RangeError("nested too deeply");
  if (Array.isArray(value)) return value.map((item) => storable(item, levels - 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [storable(key, 1), storable(item, levels - 1)]),
  );
}
