import type { ResourceUrls } from "../resource-urls.ts";
import type { BotpressSettings } from "./settings.ts";

const dashboard = "https://app.botpress.cloud/workspaces";

/**
 * Returns the addresses of a bot and of a workspace in the dashboard of Botpress Cloud. None for another address of the API
 * than the cloud's, whose dashboard is not known, and none of a bot without a shared workspace in the settings.
 */
export function botpressResourceUrls({
  url,
  workspaceId,
}: Pick<BotpressSettings, "url" | "workspaceId">): ResourceUrls {
  if (url !== undefined && new URL(url).host !== "api.botpress.cloud") return {};
  return {
    workspace: `${dashboard}/{id}`,
    ...(workspaceId && { bot: `${dashboard}/${encodeURIComponent(workspaceId)}/bots/{id}` }),
  };
}
