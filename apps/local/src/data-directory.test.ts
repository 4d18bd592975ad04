import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { claimDataDirectory } from "./data-directory.ts";
import { monitorProgram } from "./monitor.ts";
import { planSandboxes, sandboxesProgram } from "./sandboxes.ts";
import type { Stack } from "./stack.ts";
import { webProgram } from "./web.ts";

test("the programs' files in the data directory do not block the next start", async () => {
  const dataDirectory = mkdtempSync(path.join(tmpdir(), "smarteros-data-"));
  onTestFinished(() => rmSync(dataDirectory, { recursive: true }));
  const stack = inject("embedded") as unknown as Stack;
  const url = "http://127.0.0.1:9";
  const programs = [
    webProgram(stack, { port: 9, isDevelopment: false, dataDirectory, backend: { url, secret: "x" } }),
    monitorProgram(stack, { webUrl: url, backendUrl: url, dataDirectory, vendors: {} }),
    sandboxesProgram(await planSandboxes(dataDirectory, [])),
  ];
  const stored = programs
    .flatMap((program) => Object.values(program?.environment ?? {}))
    .filter((value) => value?.startsWith(`${dataDirectory}/`));
  expect(stored.length).toBeGreaterThanOrEqual(3);
  for (const place of stored) mkdirSync(place ?? "", { recursive: true });
  expect(() => claimDataDirectory(dataDirectory)).not.toThrow();
});
