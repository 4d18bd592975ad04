import type { ResourceId } from "../connector.ts";
import type { MetabaseSettings } from "./settings.ts";

/** Returns the address of a dashboard in Metabase. */
export const metabaseResourceUrl = (
  { url }: Pick<MetabaseSettings, "url">,
  id: ResourceId<"metabase">,
): string => `${url.replace(/\/+$/, "")}/dashboard/${id}`;
