import { httpUrl, settingKey } from "@smarteros/core/settings";
import * as z from "zod";

// Schemas for the settings of several vendors. All are optional: an installation chooses its vendors, and
// `createConnectors` lists the missing settings of the others.

export const optionalUrl = httpUrl().optional();
export const optionalKey = settingKey.optional();
export const optionalId = z.coerce.number({ error: "must be a number above 0" }).int().positive().optional();

/** Settings of a connector, or the names of the missing ones. */
export type Configuration<Settings> =
  | { settings: Settings; missing?: undefined }
  | { settings?: undefined; missing: string[] };

/** Returns the settings if all those names are set, otherwise the names of the missing ones. */
export function requireSettings<Settings extends object, Name extends keyof Settings & string>(
  settings: Settings,
  ...names: Name[]
): Configuration<Settings & { [Key in Name]: NonNullable<Settings[Key]> }> {
  const missing = names.filter((name) => settings[name] === undefined);
  if (missing.length > 0) return { missing };
  return { settings: settings as Settings & { [Key in Name]: NonNullable<Settings[Key]> } };
}
