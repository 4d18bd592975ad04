import type { formats } from "./formats.ts";
import type jsonForm from "./json-form/messages.es-CL.json";
import type jsonView from "./json-view/messages.es-CL.json";
import type ui from "./messages.es-CL.json";

declare module "next-intl" {
  interface AppConfig {
    Messages: { ui: typeof ui; jsonForm: typeof jsonForm; jsonView: typeof jsonView };
    Formats: typeof formats;
  }
}
