import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type Connector,
  ConnectorError,
  type ConnectorErrorKind,
  type Resource,
  resourceId,
  type Vendor,
  vendors,
} from "@smarteros/connectors";
import type { Connectors } from "./ports.ts";

type Kept = { vendor: Vendor; tenantId: string; id: string; disabled: boolean };
type Fault = { kind: ConnectorErrorKind; afterCommit?: boolean; delayMs?: number };

/**
 * The far side of the network for tests of workflows: keeps what was created in this process, whatever becomes of the
 * workers, and fails as it is told. The vendors' own ways are the connectors' business, and tested there.
 */
export async function startVendors() {
  const kept: Kept[] = [];
  const calls: string[] = [];
  const faults = new Map<string, Fault[]>();
  let next = 1;
  let watch: (call: number, when: "before" | "after") => void = () => undefined;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { vendor, verb, tenantId, id } = JSON.parse(Buffer.concat(chunks).toString());
    calls.push(`${tenantId} ${vendor} ${verb}`);
    const number = calls.length;
    watch(number, "before");
    const fault = faults.get(`${vendor} ${verb}`)?.shift();
    const refuse = () => response.writeHead(400).end(JSON.stringify(fault));
    if (fault?.delayMs) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    if (fault && !fault.afterCommit && !fault.delayMs) return refuse();
    if (verb === "create") {
      const unique = String(next++);
      const made = vendor === "botpress" ? `bot:b${unique}` : vendor === "n8n" ? `tag:t${unique}` : unique;
      kept.push({ vendor, tenantId, id: made, disabled: false });
    }
    const mine = kept.filter((one) => one.vendor === vendor && one.tenantId === tenantId);
    if (verb === "disable") for (const one of mine) one.disabled = true;
    if (verb === "remove")
      kept.splice(
        kept.findIndex((one) => one.vendor === vendor && one.id === id),
        1,
      );
    watch(number, "after");
    if (fault?.afterCommit) return request.socket.destroy();
    response.end(JSON.stringify(mine));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    kept,
    calls,
    /** Makes the next calls of a verb fail, one fault for each. */
    fail: (vendor: Vendor, verb: string, ...next: Fault[]) => faults.set(`${vendor} ${verb}`, next),
    /** Tells of each call, by its number from 1, as it comes and as it has taken effect. */
    watch(watcher: typeof watch) {
      watch = watcher;
      calls.length = 0;
    },
    of: (tenantId: string) =>
      kept
        .filter((one) => one.tenantId === tenantId)
        .map(({ vendor, disabled }) => `${vendor}${disabled ? " off" : ""}`),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Connectors to those vendors, for whatever process. */
export function connectorsTo(url: string): Connectors {
  return Object.fromEntries(vendors.map((vendor) => [vendor, connectorTo(url, vendor)]));
}

function connectorTo(url: string, vendor: Vendor): Connector {
  async function call(verb: string, tenantId: string, signal: AbortSignal, id?: unknown): Promise<Kept[]> {
    const failed = (kind: ConnectorErrorKind) =>
      new ConnectorError({ vendor, operation: verb, kind, remedy: "check_service" });
    const body = JSON.stringify({ vendor, verb, tenantId, id: id === undefined ? undefined : String(id) });
    const answer = await fetch(url, { method: "POST", body, signal }).catch(() => {
      throw failed("unavailable");
    });
    if (!answer.ok) throw failed(((await answer.json()) as Fault).kind);
    return (await answer.json()) as Kept[];
  }
  const resource = ({ id, tenantId, disabled }: Kept): Resource => ({
    id: resourceId[vendor].parse(id),
    tenantId,
    name: tenantId,
    state: disabled ? "disabled" : "active",
    leftovers: [],
    webhooks: [],
  });
  return {
    vendor,
    nameOf: ({ tenantId }) => tenantId,
    find: async ({ tenantId }, signal) => (await call("find", tenantId, signal)).map(resource),
    create: async ({ tenantId }, signal) => {
      const made = (await call("create", tenantId, signal)).at(-1);
      if (!made) throw new Error("nothing was made");
      return resource(made).id;
    },
    read: async () => undefined,
    enable: async () => "done",
    disable: async (id, tenantId, signal) => {
      await call("disable", tenantId, signal, id);
      return vendor === "chatwoot" ? "unsupported" : "done";
    },
    remove: async (id, tenantId, signal) => {
      await call("remove", tenantId, signal, id);
      return "removed";
    },
    health: async () => ({ process: { ok: true, latencyMs: 1 }, credential: { ok: true, latencyMs: 1 } }),
  };
}
