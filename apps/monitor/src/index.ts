export { runMonitor } from "./run.ts";
