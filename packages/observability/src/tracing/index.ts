export { type TelemetrySettings, telemetryOf, telemetrySettings } from "./settings.ts";
export { startTelemetry, type Telemetry } from "./start.ts";
