import { JSONParser, TokenType } from "@streamparser/json";
import type { FailureReason } from "./connector-error.ts";
import { buffered, notJson, UnusableResponse } from "./response-body.ts";

/** Maximum bytes of one element of a list. */
const maxElementBytes = 4 * 1_048_576;

/** The array of a response that is read element by element. */
export type ListSelection = {
  /** Field of the array; without it, the response is the array. */
  field?: string;
  /** Returns true for the elements to return. */
  keep(element: unknown): boolean;
};

/**
 * Reads an array of any length in bounded memory and resolves to a response with the selected elements, as an array.
 * Returns an error response as `buffered` does. Rejects with `UnusableResponse` when the body is no JSON, has no such array
 * or has an element above 4 MiB, and with the signal's reason.
 */
export async function selected(
  response: Response,
  { field, keep }: ListSelection,
  signal: AbortSignal,
): Promise<Response> {
  const { ok, status, headers, body } = response;
  if (!ok) return buffered(response, signal);
  const unusable = (reason: FailureReason) => new UnusableResponse(status, reason);
  const kept: unknown[] = [];
  let bytesOfElement = 0;
  const list = parserOf(field, (element) => {
    bytesOfElement = 0;
    if (keep(element)) kept.push(element);
  });
  const bytes = new WritableStream<Uint8Array>({
    write(chunk) {
      bytesOfElement += chunk.byteLength;
      if (bytesOfElement > maxElementBytes) throw unusable("too_large");
      try {
        list.parser.write(chunk);
      } catch {
        throw notJson(response);
      }
    },
  });
  await body?.pipeTo(bytes, { signal });
  if (!list.parser.isEnded) throw notJson(response);
  if (!list.isFound()) throw unusable("unexpected_shape");
  return Response.json(kept, { status, headers: withoutLength(headers) });
}

/** Creates a parser that reports the elements of the array. `isFound` is true after the beginning of the array. */
function parserOf(field: string | undefined, report: (element: unknown) => void) {
  const parser = new JSONParser({
    paths: [field === undefined ? "$.*" : `$.${field}.*`],
    keepStack: false,
    // Without a buffer, a string is built up piece by piece, which is slow.
    stringBufferSize: 65_536,
  });
  let depth = 0;
  let key: unknown;
  let isFound = false;
  parser.onToken = ({ token, value }) => {
    const isAtList = field === undefined ? depth === 0 : depth === 1 && key === field;
    if (token === TokenType.LEFT_BRACKET && isAtList) isFound = true;
    if (token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET) depth += 1;
    if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) depth -= 1;
    if (token === TokenType.STRING && depth === 1) key = value;
  };
  parser.onValue = ({ value }) => report(value);
  return { parser, isFound: () => isFound };
}

function withoutLength(headers: Headers): Headers {
  const others = new Headers(headers);
  others.delete("Content-Length");
  others.delete("Content-Encoding");
  return others;
}
