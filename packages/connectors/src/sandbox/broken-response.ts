import { type Fault, isRefusal } from "./faults.ts";
import type { VendorFake } from "./vendor-fake.ts";

/** Returns the response of a fault; undefined for a fault that does not replace the response. */
export function brokenResponse(given: Fault, refuse: VendorFake["refuse"]): Response | undefined {
  if (isRefusal(given)) return refuse(given);
  switch (given.fault) {
    case "malformed":
      return new Response('{"id": 1, "na', { headers: { "Content-Type": "application/json" } });
    case "wrong_shape":
      return Response.json({ surprise: [1, 2, 3] });
    case "web_page":
      return new Response("<!doctype html><title>Log in</title>", {
        headers: { "Content-Type": "text/html; charset=utf-8" },
      });
    case "oversized":
      return new Response(`"${"x".repeat(5 * 1_048_576)}"`, {
        headers: { "Content-Type": "application/json" },
      });
    case "bad_gateway":
      return new Response("<html><h1>502 Bad Gateway</h1></html>", {
        status: 502,
        headers: { "Content-Type": "text/html" },
      });
    case "redirect":
      return new Response(null, { status: 302, headers: { Location: "https://elsewhere.test/" } });
    default:
      return undefined;
  }
}
