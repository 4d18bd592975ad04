import * as z from "zod";
import { isLinkLocal } from "./address.ts";
import { textProblem } from "./text.ts";

export type UrlRule = {
  /** Allows a query, as the address of a webhook has one. */
  query?: boolean;
  /** Allows plain http to another machine, for URLs to which nothing secret is sent. */
  plainHttp?: boolean;
  /** Allows link-local and metadata addresses, for URLs whose address is checked at each connection. */
  anyAddress?: boolean;
};

/** The names of this machine's loopback interface, as a URL has them. */
export const loopbackHosts: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];
const metadataNames = ["metadata.google.internal", "metadata.goog", "metadata", "instance-data"];

/** Returns whether a URL is on this machine; false for a text that is no URL. */
export function isLoopback(url: string): boolean {
  return loopbackHosts.includes(URL.parse(url)?.hostname ?? "");
}

/**
 * Describes the problem of a URL in the settings and its fix, without a part of it; undefined where it is valid. Unless
 * `rule` allows more, a URL is an origin with an optional path, and `https` unless it is on this machine.
 */
export function urlProblem(text: string, rule: UrlRule = {}): string | undefined {
  const pasted = textProblem(text);
  if (pasted) return pasted;
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol))
    return "must be an http or https URL, such as https://host.example";
  if (!/^https?:\/\//i.test(text)) return "must be an http or https URL, with // after the scheme";
  if (url.username || url.password || /^https?:\/\/[^/?#]*@/i.test(text))
    return "must have no user or password in it: leave them out";
  if (text.includes("#") || (text.includes("?") && !rule.query))
    return `must have no ${rule.query ? "fragment" : "query or fragment"}: leave it out`;
  const host = url.hostname.replace(/\.$/, "");
  if (!rule.anyAddress && (isLinkLocal(host) || metadataNames.includes(host)))
    return "must not be a link-local or metadata address: name the service's own host";
  if (url.protocol === "http:" && !rule.plainHttp && !isLoopback(text))
    return "must be an https URL: what is sent there is secret, and http is for this machine alone";
  return undefined;
}

/** Removes closing slashes from a URL, so that a path can follow. */
export const withoutTrailingSlash = (url: string) => url.replace(/\/+$/, "");

/** Makes the schema of a URL in the settings, by `urlProblem`. */
export function httpUrl(rule: UrlRule = {}) {
  return z.string().superRefine((text, context) => {
    const message = urlProblem(text, rule);
    if (message) context.addIssue({ code: "custom", message, input: undefined });
  });
}
