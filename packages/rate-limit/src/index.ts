export { memoryLimiter } from "./memory.ts";
