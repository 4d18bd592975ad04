import { randomUUID } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import ipaddr from "ipaddr.js";

/** The bucket of all callers without a known address. */
const unknown = "unknown";

// The name of the field is random, so that no caller can send it. It is on the process, because routes may be bundled
// apart from the start-up code.
const shared = globalThis as { [key: symbol]: string | undefined };
const slot = Symbol.for("smarteros.web.socketAddressField");
const socketAddressField = () => {
  shared[slot] ??= `x-socket-address-${randomUUID()}`;
  return shared[slot];
};

/** Writes the address of its socket on each request of this process's HTTP servers, which route handlers cannot see. */
export function noteSocketAddresses(): void {
  const field = socketAddressField();
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    request.headers[field] = request.socket.remoteAddress;
  });
}

/**
 * Resolves the address that a caller is limited by: the entry of `X-Forwarded-For` that the outermost of so many trusted
 * proxies wrote, counted from the right. With none, it is the socket's address, because the caller controls the header.
 * An IPv6 address counts as its /64, which one customer gets. Callers without an address share one bucket.
 */
export function clientAddress(headers: Headers, trustedProxyHops: number): string {
  if (trustedProxyHops === 0) return blockOf(headers.get(socketAddressField()));
  return blockOf(headers.get("x-forwarded-for")?.split(",").at(-trustedProxyHops));
}

function blockOf(text: string | null | undefined): string {
  const entry = text?.trim() ?? "";
  const bare = /^\[(.*)\](?::\d+)?$/.exec(entry)?.[1] ?? entry.replace(/^([\d.]+):\d+$/, "$1");
  const address = bare.replace(/%.*$/, "");
  if (!ipaddr.isValid(address)) return unknown;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6
    ? `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`).toString()}/64`
    : parsed.toString();
}
