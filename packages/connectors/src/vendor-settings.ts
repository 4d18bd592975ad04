import { httpUrl, settingKey } from "@smarteros/core/settings";
import * as z from "zod";

// Schemas that the settings of several vendors use. Every one is optional: an installation chooses its vendors, and
// `createConnectors` lists what a vendor lacks.

export const optionalUrl = httpUrl().optional();
export const optionalKey = settingKey.optional();
export const optionalId = z.coerce.number({ error: "must be a number above 0" }).int().positive().optional();

/** The settings of a vendor's connector, or the names of the settings that are missing. */
export type Configuration<Settings> =
  | { settings: Settings; missing?: undefined }
  | { settings?: undefined; missing: string[] };

/** The settings with those names set, or the names that are missing. */
export function requireSettings<Settings extends object, Name extends keyof Settings & string>(
  settings: Settings,
  ...names: Name[]
): Configuration<Settings & { [Key in Name]: NonNullable<Settings[Key]> }> {
  const missing = names.filter((name) => settings[name] === undefined);
  if (missing.length > 0) return { missing };
  return { settings: settings as Settings & { [Key in Name]: NonNullable<Settings[Key]> } };
}
