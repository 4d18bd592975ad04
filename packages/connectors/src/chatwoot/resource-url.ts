import type { ResourceId } from "../connector.ts";
import type { ChatwootSettings } from "./settings.ts";

/** Returns the address of the conversations of an inbox in Chatwoot's dashboard. */
export const chatwootResourceUrl = (
  { url, accountId }: Pick<ChatwootSettings, "url" | "accountId">,
  id: ResourceId<"chatwoot">,
): string => `${url.replace(/\/+$/, "")}/app/accounts/${accountId}/inbox/${id}`;
