export { createRecorder, type RecorderOptions } from "./audit/recorder.ts";
export { redact, redactText } from "./redact.ts";
