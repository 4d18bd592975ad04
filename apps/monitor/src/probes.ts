import { readBoundedBody } from "@smarteros/core/bounded-body";
import { asService } from "@smarteros/supabase";
import type { MonitorSettings } from "./env.ts";
import type { Answer, Probe } from "./examine.ts";
import type { NamedUrl } from "./urls.ts";
import { vendorProbes } from "./vendor-probes.ts";

const headers = { "User-Agent": "smarteros-monitor" };
const pingLimit = 4_096;

/**
 * What is there to look at, as the settings say: `web`, `supabase`, `backend`, `backend.validate`, two for each vendor,
 * and the addresses that have a name there.
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

// The ping and not /api/health, which asks the others itself: their trouble would be told twice.
function webProbe(url: string): Probe {
  return {
    service: "web",
    async ask({ signal, fetch }) {
      const response = await fetch(`${url}/api/mcp/ping`, { headers, signal });
      const { ok, status, body } = response;
      return ok ? { status, ...judgePing(await readJson(response)) } : { ok, status, body };
    },
  };
}

function supabaseProbe({ url, serviceRoleKey }: MonitorSettings["supabase"]): Probe {
  return {
    service: "supabase",
    async ask({ signal, fetch }) {
      const client = asService({ url, fetch }, serviceRoleKey);
      const { data, error, status } = await client.rpc("ping").abortSignal(signal);
      if (data === true) return { ok: true, status };
      return {
        ok: false,
        status,
        ...(!error || (status >= 200 && status < 300) ? { error: unexpected } : {}),
      };
    },
  };
}

function backendProbes(url: string): Probe[] {
  return [
    {
      service: "backend",
      ask: ({ signal, fetch }) => fetch(`${url}/health`, { headers, signal }),
    },
    {
      service: "backend.validate",
      ask: ({ signal, fetch }) =>
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
  return { service: name, ask: ({ signal, fetch }) => fetch(url, { headers, signal }) };
}

const unexpected = "unexpected answer";

function judgePing(ping: unknown): Omit<Answer, "status"> {
  if (typeof ping !== "object" || ping === null || !("service" in ping) || ping.service !== "mcp")
    return { ok: false, error: unexpected };
  if ("ok" in ping && ping.ok === true) return { ok: true, metadata: versionOf(ping) };
  if ("misconfigured" in ping) return { ok: true, complaint: "misconfigured" };
  if ("disabled" in ping) return { ok: true, complaint: "switched off" };
  return { ok: false, error: unexpected };
}

// Numbers alone: whoever stands at that address must not be able to write a text into our database.
function versionOf(ping: object): { version?: string } {
  const version = "version" in ping ? ping.version : undefined;
  return typeof version === "string" && /^\d{1,4}\.\d{1,4}\.\d{1,4}$/.test(version) ? { version } : {};
}

/** The JSON of a small answer; undefined for anything else, of which no more than the limit is taken in. */
async function readJson({ body }: Response): Promise<unknown> {
  const bytes = await readBoundedBody(body, { maxBytes: pingLimit + 1 });
  if (bytes.byteLength > pingLimit) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
}
