import { readBoundedBody } from "@smarteros/core/bounded-body";
import { asService } from "@smarteros/supabase";
import type { MonitorSettings } from "./env.ts";
import type { Probe, ProbeResponse } from "./run-probe.ts";
import type { NamedUrl } from "./urls.ts";
import { vendorProbes } from "./vendor-probes.ts";

const headers = { "User-Agent": "smarteros-monitor" };
const maxPingBytes = 4_096;

/**
 * Creates the probes that the settings configure: `web`, `supabase`, `backend`, `backend.validate`, two for each vendor,
 * and one for each address of `MONITOR_URLS`.
 */
export function probesOf({ webUrl, supabase, backendUrl, connectors, urls }: MonitorSettings): Probe[] {
  return [
    ...(webUrl === undefined ? [] : [webProbe(webUrl)]),
    supabaseProbe(supabase),
    ...(backendUrl === undefined ? [] : backendProbes(backendUrl)),
    ...vendorProbes(connectors),
    ...urls.map(urlProbe),
  ];
}

// Requests the ping and not /api/health, which checks the other services too: their failures would be counted twice.
function webProbe(url: string): Probe {
  return {
    service: "web",
    async send({ signal, fetch }) {
      const response = await fetch(`${url}/api/mcp/ping`, { headers, signal });
      const { ok, status, body } = response;
      return ok ? { status, ...evaluatePing(await readJson(response)) } : { ok, status, body };
    },
  };
}

function supabaseProbe({ url, serviceRoleKey }: MonitorSettings["supabase"]): Probe {
  return {
    service: "supabase",
    async send({ signal, fetch }) {
      const client = asService({ url, fetch }, serviceRoleKey);
      const { data, error, status } = await client.rpc("ping").abortSignal(signal);
      if (data === true) return { ok: true, status };
      return {
        ok: false,
        status,
        ...(!error || (status >= 200 && status < 300) ? { error: unexpectedAnswer } : {}),
      };
    },
  };
}

function backendProbes(url: string): Probe[] {
  return [
    {
      service: "backend",
      send: ({ signal, fetch }) => fetch(`${url}/health`, { headers, signal }),
    },
    {
      service: "backend.validate",
      send: ({ signal, fetch }) =>
        fetch(`${url}/validate`, {
          method: "POST",
          headers: { ...headers, "Content-Type": "application/json" },
          body: JSON.stringify({ ping: true }),
          signal,
        }),
    },
  ];
}

function urlProbe({ name, url }: NamedUrl): Probe {
  return { service: name, send: ({ signal, fetch }) => fetch(url, { headers, signal }) };
}

const unexpectedAnswer = "unexpected answer";

function evaluatePing(ping: unknown): Omit<ProbeResponse, "status"> {
  if (typeof ping !== "object" || ping === null || !("service" in ping) || ping.service !== "mcp")
    return { ok: false, error: unexpectedAnswer };
  if ("ok" in ping && ping.ok === true) return { ok: true, metadata: versionOf(ping) };
  if ("misconfigured" in ping) return { ok: true, complaint: "misconfigured" };
  if ("disabled" in ping) return { ok: true, complaint: "switched off" };
  return { ok: false, error: unexpectedAnswer };
}

// Only digits and dots: the server at that address must not be able to write text into the database.
function versionOf(ping: object): { version?: string } {
  const version = "version" in ping ? ping.version : undefined;
  return typeof version === "string" && /^\d{1,4}\.\d{1,4}\.\d{1,4}$/.test(version) ? { version } : {};
}

/** Reads a response of at most 4 KiB as JSON. Resolves to undefined for a larger one or for invalid JSON. */
async function readJson({ body }: Response): Promise<unknown> {
  const bytes = await readBoundedBody(body, { maxBytes: maxPingBytes + 1 });
  if (bytes.byteLength > maxPingBytes) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
}
