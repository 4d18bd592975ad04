export { type AllowedPath, allowedPaths } from "./allowed-paths.ts";
export type { Backend, BackendAnswer, BackendPorts, BackendQuestion, BackendRequest } from "./ports.ts";
export { toDiagnose } from "./to-diagnose.ts";
export { backendTools } from "./tools.ts";
