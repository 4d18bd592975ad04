import { Agent, request } from "node:http";

/** Sends POSTs over keep-alive connections and measures them. Throws when one fails. */
export function poster(url: string, headers: Record<string, string>, body: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const target = new URL(url);
  const options = { agent, method: "POST", headers: { "Content-Type": "application/json", ...headers } };

  function once(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const outgoing = request(target, options, (response) => {
      response.resume();
      const { statusCode = 0 } = response;
      if (statusCode >= 300) reject(new Error(`${url} answered ${statusCode}`));
      else response.once("end", resolve);
    });
    outgoing.once("error", reject);
    outgoing.end(body);
    return promise;
  }

  return {
    /** Returns requests per second at the given concurrency. */
    async throughput(count: number, concurrency: number): Promise<number> {
      let left = count;
      const started = performance.now();
      const worker = async () => {
        while (left-- > 0) await once();
      };
      await Promise.all(Array.from({ length: concurrency }, worker));
      return (count * 1_000) / (performance.now() - started);
    },
    /** Returns the median latency in milliseconds of `count` sequential requests. */
    async latency(count: number): Promise<number> {
      const figures: number[] = [];
      for (let index = 0; index < count; index++) {
        const started = performance.now();
        await once();
        figures.push(performance.now() - started);
      }
      return figures.toSorted((a, b) => a - b)[Math.floor(count / 2)] ?? Number.NaN;
    },
    close: () => agent.destroy(),
  };
}
