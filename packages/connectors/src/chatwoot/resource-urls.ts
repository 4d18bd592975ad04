import { pageBelow, type ResourceUrls } from "../resource-urls.ts";
import type { ChatwootSettings } from "./settings.ts";

/** Returns the address of the conversations of an inbox in Chatwoot's dashboard. */
export const chatwootResourceUrls = ({
  url,
  accountId,
}: Pick<ChatwootSettings, "url" | "accountId">): ResourceUrls => ({
  "": pageBelow(url, `/app/accounts/${accountId}/inbox/{id}`),
});
