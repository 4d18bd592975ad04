import * as z from "zod";

/** The backend's settings as they stand in an environment, for the schema of an app's own. */
export const backendSettings = {
  FASTAPI_URL: z
    .string()
    .refine(isPlainHttpUrl, "must be an http or https URL without user, query and fragment")
    .optional(),
  FASTAPI_SECRET: z.string().min(32, "must have 32 characters or more").optional(),
};

/** Whether a URL is http(s) and nothing but an origin and perhaps a folder. */
export function isPlainHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null && /^https?:$/.test(url.protocol) && new URL(url.pathname, url.origin).href === url.href
  );
}
