import type { ResourceId } from "../connector.ts";
import type { BotpressSettings } from "./settings.ts";

/**
 * Returns the address of a bot or a workspace in the dashboard of Botpress Cloud. Undefined for a bot without a shared
 * workspace in the settings, and for another address of the API than the cloud's, whose dashboard is not known.
 */
export function botpressResourceUrl(
  { url, workspaceId }: Pick<BotpressSettings, "url" | "workspaceId">,
  id: ResourceId<"botpress">,
): string | undefined {
  if (url !== undefined && new URL(url).host !== "api.botpress.cloud") return undefined;
  const [kind, vendorId = ""] = id.split(":");
  const workspace = kind === "workspace" ? vendorId : workspaceId;
  if (workspace === undefined) return undefined;
  const bot = kind === "workspace" ? "" : `/bots/${encodeURIComponent(vendorId)}`;
  return `https://app.botpress.cloud/workspaces/${encodeURIComponent(workspace)}${bot}`;
}
