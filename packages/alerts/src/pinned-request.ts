import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { addressesOf } from "./ssrf-guard.ts";

/**
 * Posts JSON and resolves to the status of the response, whose body is not read. Connects to the very addresses that were
 * checked and follows no redirect: a second look-up of either could lead to an internal host. Rejects with `RefusedHost`,
 * or with the error of the request.
 */
export async function postJson(
  address: string,
  message: {
    headers?: Record<string, string>;
    body: string;
    allowsInternal: boolean;
    signal: AbortSignal;
  },
): Promise<number> {
  const { headers = {}, body, allowsInternal, signal } = message;
  const url = new URL(address);
  if (url.protocol !== "https:" && !allowsInternal) throw new Error("not an https URL");
  const addresses = await addressesOf(url.hostname, { allowsInternal });
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    request(
      url,
      {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          ...headers,
          "Content-Length": Buffer.byteLength(body),
          "User-Agent": "smarteros-monitor",
        },
        signal,
        agent: false,
        lookup: (_host, options, callback) => {
          const [first] = addresses;
          if (options.all) callback(null, addresses);
          else callback(null, first?.address ?? "", first?.family);
        },
      },
      (response) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      },
    )
      .on("error", reject)
      .end(body);
  });
}
