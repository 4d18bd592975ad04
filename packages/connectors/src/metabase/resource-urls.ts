import { pageBelow, type ResourceUrls } from "../resource-urls.ts";
import type { MetabaseSettings } from "./settings.ts";

/** Returns the address of a dashboard in Metabase. */
export const metabaseResourceUrls = ({ url }: Pick<MetabaseSettings, "url">): ResourceUrls => ({
  "": pageBelow(url, "/dashboard/{id}"),
});
