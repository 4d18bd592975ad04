export { createRecorder, type RecorderOptions } from "./audit/recorder.ts";
export { redact, redactCause, redactText } from "./redact.ts";
