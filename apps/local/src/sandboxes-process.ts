import path from "node:path";
import { type Sandbox, startSandbox } from "@smarteros/connectors/sandbox";
import type { Vendor } from "@smarteros/connectors/vendors";
import { readSandboxSettings } from "./env.ts";
import { readFileIfAny, writePrivateFile } from "./private-file.ts";

// Runs the sandboxes of the embedded default until SIGTERM. Each stores its state in a file.

const { folder, ports } = readSandboxSettings();
const fileOf = (vendor: Vendor) => path.join(folder, `${vendor}.json`);
const store = {
  load: (vendor: Vendor) => readFileIfAny(fileOf(vendor)),
  save: (vendor: Vendor, text: string) => writePrivateFile(fileOf(vendor), text),
};

const running: Sandbox[] = [];
process.once("SIGTERM", async () => {
  await Promise.all(running.map((sandbox) => sandbox.stop()));
  process.exit();
});
try {
  for (const [vendor, port] of Object.entries(ports) as [Vendor, number][]) {
    running.push(await startSandbox(vendor, { port, store }));
  }
} catch (error) {
  console.error(`${(error as Error).message} (${folder}; "npm run reset" clears all data)`);
  process.exit(1);
}
