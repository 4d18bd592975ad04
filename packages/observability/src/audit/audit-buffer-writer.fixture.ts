import { writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { asService } from "@smarteros/supabase";
import { silentLogger } from "../logger.fixture.ts";
import { createAuditBuffer } from "./audit-buffer.ts";
import { exampleRecord } from "./record.fixture.ts";
import { createRecorder } from "./recorder.ts";
import { serviceAuditStore } from "./supabase.ts";

// A long-lived host that records so many calls a second and prints each id once its caller would have had a response. Without
// a folder it has no disk buffer, and holds unstored rows in memory only.

const { values } = parseArgs({
  options: {
    folder: { type: "string", default: "" },
    url: { type: "string", default: "" },
    key: { type: "string", default: "" },
    user: { type: "string", default: "" },
    rate: { type: "string", default: "500" },
  },
});

const store = serviceAuditStore(asService({ url: values.url }, values.key));
const buffer = values.folder
  ? createAuditBuffer({ folder: values.folder, store, logger: silentLogger })
  : undefined;
const recorder = createRecorder({ logger: silentLogger, lifetime: "long", buffer });
const started = performance.now();
let calls = 0;

setInterval(() => {
  const due = Math.floor(((performance.now() - started) / 1_000) * Number(values.rate));
  for (; calls < due; calls++) {
    const record = exampleRecord({ userId: values.user });
    if (buffer) recorder.append?.(record, store);
    else void recorder.record(record, store, "soon");
    writeSync(1, `${record.id}\n`);
  }
}, 5);
