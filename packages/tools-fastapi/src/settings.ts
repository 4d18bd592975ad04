import { httpUrl, sharedSecret } from "@smarteros/core/settings";

/** The backend's settings as they stand in an environment, for the schema of an app's own. */
export const backendSettings = {
  FASTAPI_URL: httpUrl().optional(),
  FASTAPI_SECRET: sharedSecret.optional(),
};
