import { localEnvironment } from "../../apps/web/test/environments.ts";
import { startWeb } from "../../apps/web/test/web-server.ts";
import { embeddedOf } from "./row.ts";
import type { Target } from "./target.ts";

/** Starts a second web app on the embedded project with the master switch off; resolves to its address. */
export const webWithSwitchOff = (target: Target): Promise<string> =>
  target.once("web with its switch off", async () => {
    const { settings } = embeddedOf(target);
    const web = await startWeb((origin) => ({
      ...localEnvironment(settings, `${target.url},${origin}`),
      MCP_ENABLED: "yes",
    }));
    target.afterwards(web.stop);
    return web.url;
  });
