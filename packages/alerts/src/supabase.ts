export { readLastPass } from "./last-pass.ts";
export { supabaseAlertReader } from "./read-alerts.ts";
export { supabaseAlertEditor } from "./supabase-editor.ts";
export { supabaseAlerts } from "./supabase-store.ts";
