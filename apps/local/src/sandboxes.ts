import { mkdirSync } from "node:fs";
import path from "node:path";
import { sandboxSettings } from "@smarteros/connectors/sandbox";
import { type Vendor, vendors } from "@smarteros/connectors/vendors";
import getPort from "get-port";
import * as z from "zod";
import type { Program } from "./child.ts";
import { connectorEnvironment, root, settingNamesOf } from "./env.ts";
import { becomesFree } from "./port.ts";
import { readFileIfAny, writePrivateFile } from "./private-file.ts";

// The remaining processes of a killed start need some time to release their ports.
const releaseTimeoutMs = 2_000;

const storedPlan = z.object({ ports: z.partialRecord(z.enum(vendors), z.int().min(1).max(65_535)) });

/** The port of each vendor's sandbox; a vendor that the user configured has none. */
export type SandboxPlan = { folder: string; ports: { [Of in Vendor]?: number } };

/**
 * Plans the sandboxes and their ports: those of the last start, unless another program uses one. New ports are none of
 * `exclude`.
 */
export async function planSandboxes(dataDirectory: string, exclude: number[]): Promise<SandboxPlan> {
  const folder = path.join(dataDirectory, "sandboxes");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, "ports.json");
  const before = read(readFileIfAny(file));
  const set = connectorEnvironment();
  const wanted = vendors.filter((vendor) => !settingNamesOf(vendor).some((name) => set[name]));
  const ports: SandboxPlan["ports"] = {};
  for (const vendor of wanted) {
    const port = before[vendor];
    ports[vendor] =
      port !== undefined && !exclude.includes(port) && (await becomesFree(port, releaseTimeoutMs))
        ? port
        : await getPort({
            host: "127.0.0.1",
            exclude: [...exclude, ...Object.values({ ...before, ...ports })],
          });
  }
  writePrivateFile(file, JSON.stringify({ ports: { ...before, ...ports } }));
  return { folder, ports };
}

/** Returns the program that runs the sandboxes in one process; undefined when the user configured all five vendors. */
export function sandboxesProgram({ folder, ports }: SandboxPlan): Program | undefined {
  const last = Object.values(ports).at(-1);
  if (last === undefined) return undefined;
  return {
    name: "sandboxes",
    command: [process.execPath, path.join(root, "apps/local/src/sandboxes-process.ts")],
    folder: root,
    environment: { SANDBOX_FOLDER: folder, SANDBOX_PORTS: JSON.stringify(ports) },
    // The sandboxes start in order, so the last one is ready last.
    healthUrl: `${urlOf(last)}/__sandbox`,
  };
}

/** Returns the backend's settings of the vendors: those of the sandboxes, and those that the user set. */
export function vendorEnvironment({ ports }: SandboxPlan): NodeJS.ProcessEnv {
  const settings = entriesOf(ports).map(([vendor, port]) => sandboxSettings(vendor, urlOf(port)));
  return Object.assign({}, ...settings, connectorEnvironment());
}

/** Formats the sandboxes' addresses and a command that breaks one; empty when there are none. */
export function sandboxLines({ ports }: SandboxPlan): string {
  const [first] = entriesOf(ports);
  if (!first) return "";
  const [vendor, port] = first;
  const faults = `${urlOf(port)}/__sandbox/faults`;
  return [
    `Sandboxes in place of the vendors: ${entriesOf(ports)
      .map((entry) => `${entry[0]} ${urlOf(entry[1])}`)
      .join(" · ")}`,
    `Break one (${vendor}):  curl -s ${faults} -d '{"fault":"error","times":null}'`,
    `Mend it:  curl -s -X DELETE ${faults}`,
  ].join("\n");
}

const urlOf = (port: number) => `http://127.0.0.1:${port}`;
const entriesOf = (ports: SandboxPlan["ports"]) => Object.entries(ports) as [Vendor, number][];

function read(text: string | undefined): SandboxPlan["ports"] {
  if (text === undefined) return {};
  try {
    return storedPlan.parse(JSON.parse(text)).ports;
  } catch {
    return {};
  }
}
