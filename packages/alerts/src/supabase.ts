export { type Row as AlertRow, rowOf } from "./cursor.ts";
export { type Alerts, readAlerts, type ShownRule } from "./read-alerts.ts";
export { supabaseAlertEditor } from "./supabase-editor.ts";
export { supabaseAlerts } from "./supabase-store.ts";
