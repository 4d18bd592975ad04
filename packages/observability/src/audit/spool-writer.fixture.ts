import { writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { lineLogger } from "@smarteros/core";
import { asService } from "@smarteros/supabase";
import { exampleRecord } from "./record.fixture.ts";
import { createRecorder } from "./recorder.ts";
import { createSpool } from "./spool.ts";
import { serviceAuditStore } from "./supabase.ts";

// A long-lived host that records so many calls a second and tells each id once its caller would have been answered.

const { values } = parseArgs({
  options: {
    folder: { type: "string", default: "" },
    url: { type: "string", default: "" },
    key: { type: "string", default: "" },
    user: { type: "string", default: "" },
    rate: { type: "string", default: "500" },
  },
});

const logger = lineLogger({ info: () => undefined, error: () => undefined });
const store = serviceAuditStore(asService({ url: values.url }, values.key));
const spool = createSpool({ folder: values.folder, store, logger });
const recorder = createRecorder({ logger, lifetime: "long", spool });
const started = performance.now();
let calls = 0;

setInterval(() => {
  const due = Math.floor(((performance.now() - started) / 1_000) * Number(values.rate));
  for (; calls < due; calls++) {
    const record = exampleRecord({ userId: values.user });
    recorder.append?.(record, store);
    writeSync(1, `${record.id}\n`);
  }
}, 5);
