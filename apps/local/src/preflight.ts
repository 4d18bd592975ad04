import getPort, { portNumbers } from "get-port";
import type { Settings } from "./env.ts";
import { hasRecord, readRunning } from "./lock.ts";
import { becomesFree } from "./port.ts";
import { portOwner } from "./port-owner.ts";

// The remaining processes of a killed start need some time to notice it and end.
const RELEASE_TIMEOUT_MILLISECONDS = 5000;
const host = "127.0.0.1";

/**
 * Resolves to the settings with free ports: a default port that is in use is replaced. Throws one line when the stack
 * already runs or a port that the user set is in use.
 */
export async function preflight(settings: Settings, log: (line: string) => void): Promise<Settings> {
  const { dataDirectory } = settings;
  const running = readRunning(dataDirectory);
  if (running)
    throw new Error(`Already running here: ${running.webUrl ?? `still starting (pid ${running.pid})`}`);
  const timeoutMs = hasRecord(dataDirectory) ? RELEASE_TIMEOUT_MILLISECONDS : 0;
  const wanted = {
    WEB_PORT: settings.webPort,
    SUPABASE_PORT: settings.supabasePort,
    BACKEND_PORT: settings.backendPort,
  };
  const choose = async (name: keyof typeof wanted, taken: number[]): Promise<number> => {
    const port = wanted[name];
    if (!taken.includes(port) && (await becomesFree(port, timeoutMs))) return port;
    const owner = portOwner(port) ?? "another program";
    if (settings.setPorts.includes(name))
      throw new Error(
        `${name}: port ${port} is taken by ${owner}. End that, or set ${name} to another port.`,
      );
    const exclude = [...taken, ...Object.values(wanted)];
    const other = await getPort({ host, port: portNumbers(port + 1, port + 99), exclude });
    log(`Port ${port} is taken by ${owner}: using ${other}. Set ${name} to choose another.`);
    return other;
  };
  const webPort = await choose("WEB_PORT", []);
  const supabasePort = await choose("SUPABASE_PORT", [webPort]);
  const backendPort = await choose("BACKEND_PORT", [webPort, supabasePort]);
  return { ...settings, webPort, supabasePort, backendPort };
}
