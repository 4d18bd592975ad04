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

// What a killed start left behind takes a moment to let go of its ports.
const patienceMs = 2_000;

const kept = z.object({ ports: z.partialRecord(z.enum(vendors), z.int().min(1).max(65_535)) });

/** Where each vendor's sandbox answers. A vendor that the user has set up themselves has none. */
export type SandboxPlan = { folder: string; ports: { [Of in Vendor]?: number } };

/**
 * Says which sandboxes there are and on which ports: those of the last start, unless another program has taken one. New
 * ports are none of `exclude`.
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
    // biome-ignore-start lint/performance/noAwaitInLoops: a port that was found must not be found again
    ports[vendor] =
      port !== undefined && !exclude.includes(port) && (await becomesFree(port, patienceMs))
        ? port
        : await getPort({
            host: "127.0.0.1",
            exclude: [...exclude, ...Object.values({ ...before, ...ports })],
          });
    // biome-ignore-end lint/performance/noAwaitInLoops: see above
  }
  writePrivateFile(file, JSON.stringify({ ports: { ...before, ...ports } }));
  return { folder, ports };
}

/** The five vendors' stand-ins in one process; undefined where the user has set up all five vendors. */
export function sandboxesProgram({ folder, ports }: SandboxPlan): Program | undefined {
  const last = Object.values(ports).at(-1);
  if (last === undefined) return undefined;
  return {
    name: "sandboxes",
    command: [process.execPath, path.join(root, "apps/local/src/sandboxes-process.ts")],
    folder: root,
    environment: { SANDBOX_FOLDER: folder, SANDBOX_PORTS: JSON.stringify(ports) },
    // They are started in order.
    healthUrl: `${urlOf(last)}/__sandbox`,
  };
}

/** The settings by which the backend reaches the vendors: the sandboxes, and what the user has set. */
export function vendorEnvironment({ ports }: SandboxPlan): NodeJS.ProcessEnv {
  const settings = entriesOf(ports).map(([vendor, port]) => sandboxSettings(vendor, urlOf(port)));
  return Object.assign({}, ...settings, connectorEnvironment());
}

/** Where the sandboxes are and how to break one, for a person to read; empty where there are none. */
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
    return kept.parse(JSON.parse(text)).ports;
  } catch {
    return {};
  }
}
