import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** Strings that have broken one console or another: none may do anything but be shown. */
export const hostileStrings = [
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  "javascript:alert(1)",
  "https://evil.example/?q=1",
  "\u202egnp.exe\u202c",
  "\u2066hidden\u2069",
  "zero\u200bwidth",
  "null\u0000byte",
  "]]>'\"`{{alert(1)}}",
  "\ud800 half",
];

/** A megabyte of JSON as a business backend would answer it. */
function megabyte() {
  const item = (n: number) => ({
    id: n,
    folio: `F-${n}`,
    glosa: "Venta de mostrador con despacho",
    neto: n * 1190,
    pagada: n % 3 === 0,
    lineas: [{ sku: `SKU-${n % 97}`, cantidad: (n % 7) + 1 }],
  });
  const items = Array.from({ length: 7_000 }, (_, n) => item(n));
  return { items };
}

/**
 * A stand-in for a business's own FastAPI service, on the far side of the network: `/health` and `/validate` answer,
 * and `/tenants` answers what its query asks for: `kind=large`, `kind=hostile`, or nothing for as long as the caller
 * waits with `kind=slow`. For the tests alone: `/abandoned?mark=…` says how many slow ones with that mark were given
 * up, and `/health` is ill after `/ill` until `/well`.
 */
export async function startBackend(wantedPort: number) {
  const abandoned: (string | null)[] = [];
  let well = true;
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? "/", "http://backend");
    const answer = (body: unknown) =>
      response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    const kind = url.searchParams.get("kind");
    const mark = url.searchParams.get("mark");
    if (url.pathname === "/abandoned") return answer(abandoned.filter((one) => one === mark).length);
    if (url.pathname === "/ill" || url.pathname === "/well") {
      well = url.pathname === "/well";
      return answer({ well });
    }
    if (url.pathname === "/health" && !well) return response.writeHead(503).end();
    if (kind === "slow") return request.socket.once("close", () => abandoned.push(mark));
    if (kind === "large") return answer(megabyte());
    if (kind === "hostile") {
      return answer({
        list: hostileStrings.map((text) => ({ [text]: text, text })),
        ...Object.fromEntries(hostileStrings.map((text) => [text, text])),
      });
    }
    return answer({ ok: true });
  });
  await new Promise<void>((resolve) => server.listen(wantedPort, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${wantedPort}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
