import type { Settings } from "./env.ts";
import { hasRecord, readRunning } from "./lock.ts";
import { becomesFree } from "./port.ts";

// What a killed start left behind takes a moment to notice that and end.
const PATIENCE_MILLISECONDS = 5000;

/** Throws one line where a start cannot work: it runs here already, or a port is taken. */
export async function preflight({
  dataDirectory,
  webPort,
  supabasePort,
  backendPort,
}: Settings): Promise<void> {
  const running = readRunning(dataDirectory);
  if (running)
    throw new Error(`Already running here: ${running.webUrl ?? `still starting (pid ${running.pid})`}`);
  const patience = hasRecord(dataDirectory) ? PATIENCE_MILLISECONDS : 0;
  await requirePort("WEB_PORT", webPort, patience);
  await requirePort("SUPABASE_PORT", supabasePort, patience);
  await requirePort("BACKEND_PORT", backendPort, patience);
}

async function requirePort(name: string, port: number, patience: number): Promise<void> {
  if (await becomesFree(port, patience)) return;
  throw new Error(`Port ${port} is taken by another program. Free it, or set ${name} to another port.`);
}
