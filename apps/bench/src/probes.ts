import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { runProbes } from "@smarteros/monitor/run-probes";
import { type Comparison, compare } from "./measure.ts";
import { type Size, sized } from "./size.ts";

const responseMs = 50;

/** Compares a pass of the monitor over 200 real addresses, one of which never responds, with sequential probes. */
export async function probes(size: Size): Promise<Comparison[]> {
  const count = sized(size, 200, 20);
  const server = createServer((request, response) => {
    if (request.url !== "/hangs") setTimeout(() => response.end("ok"), responseMs);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const probe = (path: string) => ({
    service: path,
    send: ({ signal, fetch: probeFetch }: { signal: AbortSignal; fetch: typeof fetch }) =>
      probeFetch(`http://127.0.0.1:${port}/${path}`, { signal }),
  });
  // The hanging one starts last, which is the worst case for the pass.
  const all = Array.from({ length: count }, (_, index) =>
    probe(index === count - 1 ? "hangs" : String(index)),
  );
  try {
    const tick = await seconds(async () => {
      const rows = await runProbes(all);
      const well = rows.filter(({ status }) => status === "ok").length;
      if (well !== count - 1) throw new Error(`${count - 1} probes should be well, and ${well} are`);
    });
    const inTurn = await seconds(async () => {
      for (const one of all) {
        await runProbes([one]);
      }
    });
    const peer = "one after the other";
    return [
      compare(`${count} probes, one of which hangs`, "s", [tick, inTurn], peer, {
        better: "lower",
        atMost: 5,
        of: "value",
      }),
    ];
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}
