import type * as z from "zod";
import {
  type Configuration,
  optionalId,
  optionalKey,
  optionalUrl,
  requireSettings,
} from "../vendor-settings.ts";

export const metabaseSettings = {
  METABASE_URL: optionalUrl,
  METABASE_API_KEY: optionalKey,
  METABASE_TEMPLATE_DASHBOARD_ID: optionalId,
  /** Parent of the tenants' collections; the root collection by default. */
  METABASE_COLLECTION_ID: optionalId,
};

export type MetabaseSettings = {
  url: string;
  apiKey: string;
  /** Dashboard that is copied for each tenant. */
  templateDashboardId: number;
  /** Parent of the tenants' collections; the root collection by default. */
  collectionId?: number | undefined;
};

/** Maps environment settings to those of the connector. */
export function configureMetabase(
  environment: z.output<z.ZodObject<typeof metabaseSettings>>,
): Configuration<MetabaseSettings> {
  const { settings, missing } = requireSettings(
    environment,
    "METABASE_URL",
    "METABASE_API_KEY",
    "METABASE_TEMPLATE_DASHBOARD_ID",
  );
  if (!settings) return { missing };
  const { METABASE_URL: url, METABASE_API_KEY: apiKey } = settings;
  const { METABASE_TEMPLATE_DASHBOARD_ID: templateDashboardId, METABASE_COLLECTION_ID: collectionId } =
    settings;
  return { settings: { url, apiKey, templateDashboardId, collectionId } };
}
