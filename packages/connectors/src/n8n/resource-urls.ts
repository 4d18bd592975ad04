import { pageBelow, type ResourceUrls } from "../resource-urls.ts";
import type { N8nSettings } from "./settings.ts";

/** Returns the addresses of the workflows with a tag, and of those in a project. */
export const n8nResourceUrls = ({ url }: Pick<N8nSettings, "url">): ResourceUrls => ({
  tag: pageBelow(url, "/home/workflows?tags={id}"),
  project: pageBelow(url, "/projects/{id}/workflows"),
});
