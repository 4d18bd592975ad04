import * as z from "zod";
import { type Configuration, optionalKey, optionalUrl, requireSettings } from "../vendor-settings.ts";

export const odooSettings = {
  ODOO_URL: optionalUrl,
  ODOO_API_KEY: optionalKey,
  /** Selects the database where several answer at one address. */
  ODOO_DATABASE: z
    .string()
    .regex(/^[\w.-]{1,100}$/, "must be a database's name")
    .optional(),
};

export type OdooSettings = { url: string; apiKey: string; database?: string | undefined };

/** Maps environment settings to those of the connector. */
export function configureOdoo(
  environment: z.output<z.ZodObject<typeof odooSettings>>,
): Configuration<OdooSettings> {
  const { settings, missing } = requireSettings(environment, "ODOO_URL", "ODOO_API_KEY");
  if (!settings) return { missing };
  const { ODOO_URL: url, ODOO_API_KEY: apiKey, ODOO_DATABASE: database } = settings;
  return { settings: { url, apiKey, database } };
}
