import { getFromBackend } from "./tools/get.ts";
import { postToBackend } from "./tools/post.ts";

/** The backend tools, for a catalog. */
export const backendTools = [getFromBackend, postToBackend];
