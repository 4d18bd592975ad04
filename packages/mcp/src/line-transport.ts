import type { Readable, Writable } from "node:stream";
import { serializeMessage } from "@modelcontextprotocol/sdk/shared/stdio.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";

/** Maximum characters of an incomplete message: four times the largest body of the HTTP transport. */
const maxCharacters = 1_048_576;

/**
 * Speaks JSON-RPC by lines as the SDK's own stdio transport does, at a third of the cost: the protocol alone validates a
 * message, and responses that are ready together are written together.
 */
export class LineTransport implements Transport {
  onmessage?: (message: JSONRPCMessage) => void;
  onerror?: (error: Error) => void;
  onclose?: () => void;
  readonly #input: Readable;
  readonly #output: Writable;
  #rest = "";
  #responses: string[] = [];

  constructor(input: Readable, output: Writable) {
    this.#input = input;
    this.#output = output;
  }

  async start(): Promise<void> {
    this.#input.setEncoding("utf8");
    this.#input.on("data", this.#read);
  }

  readonly #read = (chunk: string) => {
    const lines = (this.#rest + chunk).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#receive(line);
    if (this.#rest.length > maxCharacters) {
      this.onerror?.(new Error(`A message is longer than ${maxCharacters} characters.`));
      void this.close();
    }
  };

  #receive(line: string) {
    try {
      const message: unknown = JSON.parse(line);
      // Any object is passed on: the protocol drops what is no JSON-RPC.
      if (typeof message === "object" && message !== null) this.onmessage?.(message as JSONRPCMessage);
    } catch (error) {
      this.onerror?.(error as Error);
    }
  }

  async send(message: JSONRPCMessage): Promise<void> {
    // The next tick comes after all responses that need no I/O, and before any other work.
    if (this.#responses.push(serializeMessage(message)) === 1) process.nextTick(() => this.flush());
  }

  /** Writes the responses that are ready. */
  flush() {
    if (this.#responses.length > 0) this.#output.write(this.#responses.join(""));
    this.#responses = [];
  }

  async close(): Promise<void> {
    this.#input.off("data", this.#read);
    this.#input.pause();
    this.flush();
    this.onclose?.();
  }
}
