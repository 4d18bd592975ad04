import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { addressesOf } from "@smarteros/observability/alert-targets";

/**
 * Posts to a target and resolves to the status of its answer, whose body nobody reads. Connects to the very addresses
 * that were checked, and follows no redirect: a second look at either could lead inside.
 */
export async function post(
  address: string,
  message: { headers: Record<string, string>; body: string; allowsInternal: boolean; signal: AbortSignal },
): Promise<number> {
  const { headers, body, allowsInternal, signal } = message;
  const url = new URL(address);
  if (url.protocol !== "https:" && !allowsInternal) throw new Error("not an https URL");
  const addresses = await addressesOf(url.hostname, { allowsInternal });
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    request(
      url,
      {
        method: "POST",
        headers: { ...headers, "Content-Length": Buffer.byteLength(body), "User-Agent": "smarteros-monitor" },
        signal,
        agent: false,
        lookup: (_host, options, answer) => {
          const [first] = addresses;
          if (options.all) answer(null, addresses);
          else answer(null, first?.address ?? "", first?.family);
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
