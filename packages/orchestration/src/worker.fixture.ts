import { vendors } from "@smarteros/connectors";
import { asService } from "@smarteros/supabase";
import { startProvisioner } from "./provisioner.ts";
import { supabaseProvisioning } from "./supabase.ts";
import { connectorsTo } from "./vendors.fixture.ts";

// A worker in a process of its own, to be killed. Opens a run of all five services for each tenant that it is sent.

const [systemDatabaseUrl = "", supabaseUrl = "", secretKey = "", vendorsUrl = "", workerId = ""] =
  process.argv.slice(2);
const provisioner = await startProvisioner({
  store: supabaseProvisioning(asService({ url: supabaseUrl }, secretKey)),
  connectors: { configured: connectorsTo(vendorsUrl), missing: {} },
  systemDatabaseUrl,
  workerId,
  logger: {
    info: () => undefined,
    error: (event, fields) => process.stderr.write(`${event} ${JSON.stringify(fields)}\n`),
  },
  retries: { attempts: 5, firstDelayMs: 50, longestDelayMs: 200 },
  deadlineMs: 5_000,
  eventsEveryMs: 60_000,
  beatEveryMs: 150,
});
const steps = vendors.map((vendor) => ({ vendor, action: "provision" as const }));
process.on("message", async (tenantId: string) => {
  const run = await provisioner.provision({ tenantId, steps, requestedBy: "user_test" });
  process.send?.(run?.id);
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
