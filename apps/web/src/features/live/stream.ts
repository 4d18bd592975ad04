import { setTimeout as sleep } from "node:timers/promises";
import type { Services } from "../../app-context.ts";
import { authenticate } from "../../http/authenticate.ts";
import { consumeLimit } from "../../http/consume-limit.ts";
import type { RequestContext } from "../../http/request-context.ts";
import { headersOf } from "../../http/respond.ts";
import { changes } from "./event-source.ts";
import { subjectOf } from "./subject.ts";

// Below the request limits of proxies and platforms; the browser reconnects.
const maxStreamMs = 5 * 60_000;
const encoder = new TextEncoder();

/**
 * Responds to `GET /api/services/stream?tenant=` or `?run=` with server-sent events of the state, a whole snapshot at
 * each change. Ends with the session's token, after some minutes, when reading fails, or when the client leaves.
 */
export async function servicesStream(context: RequestContext, services: Services): Promise<Response> {
  const { request } = context;
  const session = await authenticate(context, services);
  await consumeLimit(context, services.limits.streams, session.principal.userId);
  const subject = subjectOf(request.url);
  const { provisioning } = services.forUser(session).pagePorts;
  const first = await provisioning.snapshot(subject, request.signal);
  const headers = {
    ...headersOf(context),
    "Content-Type": "text/event-stream",
    // Compressing would hold the events back, and so would a proxy's buffer.
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
  };
  if (request.method === "HEAD") return new Response(null, { headers });

  const seat = services.streams.enter(session.principal.userId);
  const gone = new AbortController();
  const until = Math.min(Date.now() + maxStreamMs, expiryOf(session.token));
  const over = setTimeout(() => gone.abort(), until - Date.now());
  const signal = AbortSignal.any([request.signal, seat.signal, gone.signal]);
  const leave = () => {
    clearTimeout(over);
    seat.leave();
  };
  if (signal.aborted) leave();
  else signal.addEventListener("abort", leave, { once: true });
  const events = changes({
    first,
    read: () => provisioning.snapshot(subject, signal),
    pause: (ms) => sleep(ms, undefined, { signal }),
    signal,
  });
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await events.next();
        if (next.done) {
          gone.abort();
          controller.close();
        } else controller.enqueue(encoder.encode(next.value));
      },
      cancel: () => gone.abort(),
    },
    // Reads only when the client takes the next event.
    { highWaterMark: 0 },
  );
  return new Response(body, { headers });
}

/** Returns the expiry of a verified token, in milliseconds since 1970. */
function expiryOf(token: string): number {
  const { exp } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  return exp * 1000;
}
