import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

type Attribute = { key: string; value: Record<string, unknown> };
type WireSpan = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes?: Attribute[];
  status?: { code?: number };
};
export type ReceivedSpan = {
  service: string;
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  name: string;
  kind: number;
  attributes: Record<string, unknown>;
};

/** An OTLP/HTTP receiver on loopback, as a collector is one; it keeps what it was sent. */
export async function startReceiver() {
  const spans: ReceivedSpan[] = [];
  const metrics: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString());
    for (const { resource, scopeSpans } of body.resourceSpans ?? []) {
      const service = String(valuesOf(resource.attributes)["service.name"]);
      for (const { spans: sent } of scopeSpans)
        for (const span of sent as WireSpan[])
          spans.push({
            service,
            traceId: span.traceId,
            spanId: span.spanId,
            parentSpanId: span.parentSpanId || undefined,
            name: span.name,
            kind: span.kind,
            attributes: valuesOf(span.attributes),
          });
    }
    for (const { scopeMetrics } of body.resourceMetrics ?? [])
      for (const scope of scopeMetrics)
        metrics.push(...scope.metrics.map(({ name }: { name: string }) => name));
    response.writeHead(200, { "Content-Type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    metrics,
    /** From a span up to the one that nobody here is the parent of: the names, the nearest first. */
    ancestry(span: ReceivedSpan): string[] {
      const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
      return parent ? [parent.name, ...this.ancestry(parent)] : [];
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function valuesOf(attributes: Attribute[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
