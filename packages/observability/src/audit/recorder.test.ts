import {
  type AuditStore,
  type InvocationRecord,
  lineLogger,
  type StoredInvocation,
  uuidv7,
} from "@smarteros/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createRecorder } from "./recorder.ts";

afterEach(() => vi.useRealTimers());

const record = (changes: Partial<InvocationRecord> = {}): InvocationRecord => ({
  id: uuidv7(),
  userId: "user_1",
  tool: "tenants.create",
  args: { rut: "76.086.428-5", password: "hunter2" },
  result: { ok: 1 },
  durationMs: 12,
  success: true,
  code: "ok",
  transport: "http",
  requestId: "request-1",
  calls: 1,
  createdAt: new Date(),
  ...changes,
});

function bench(options: { lifetime?: "long" | "short"; failures?: number } = {}) {
  const lines: string[] = [];
  const rows: StoredInvocation[] = [];
  let failures = options.failures ?? 0;
  const store: AuditStore = {
    async insert(records) {
      if (failures-- > 0) throw new Error("down: postgres://root:hunter2@db/1");
      rows.push(...records);
    },
    intend: async () => undefined,
  };
  const logger = lineLogger({ info: (line) => lines.push(line), error: (line) => lines.push(`! ${line}`) });
  const recorder = createRecorder({ logger, lifetime: options.lifetime ?? "long" });
  const limited = () =>
    recorder.limited(
      {
        userId: "user_1",
        tool: "a.b",
        transport: "http",
        requestId: "r",
        createdAt: new Date(),
        windowEndsInMs: 1_000,
      },
      store,
    );
  return { recorder, store, lines, rows, limited };
}

describe("recorder", () => {
  it("writes one line with user, tool, duration and request id, and one row; no payload in the line, no secret in the row", async () => {
    const { recorder, store, lines, rows } = bench();
    await recorder.record(record(), store);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^\[MCP_INVOCATION\] \{"user":"user_1","tool":"tenants.create","durationMs":12,"requestId":"request-1"/,
    );
    expect(lines[0]).not.toMatch(/76\.086|hunter2/);
    expect(rows).toMatchObject([
      { args: '{"rut":"76.086.428-5","password":"[redacted]"}', redacted: true, result: '{"ok":1}' },
    ]);
  });

  it("marks a failure and shows its redacted cause in the log only", async () => {
    const { recorder, store, lines, rows } = bench();
    const cause = new Error("no way to postgres://root:hunter2@db/1 for 76.086.428-5");
    await recorder.record(record({ success: false, code: "internal", cause }), store);
    expect(lines[0]).toMatch(/^! \[MCP_INVOCATION_ERROR\].*no way to postgres/);
    expect(JSON.stringify([lines, rows])).not.toContain("hunter2");
    expect(lines[0]).not.toContain("76.086.428-5");
    expect(rows[0]).not.toHaveProperty("cause");
  });

  it("takes out of a tool's name what Postgres cannot store, and what would forge a second line", async () => {
    const { recorder, lines, store, rows } = bench();
    await recorder.record(record({ tool: "a\0b\ud800c", success: false, code: "tool_not_found" }), store);
    expect(rows[0]?.tool).toBe("a\ufffdb\ufffdc");
    lines.length = 0;
    await recorder.record(
      record({ tool: "a\n[MCP_INVOCATION] forged", success: false, code: "tool_not_found" }),
    );
    expect(lines[0]?.split("\n")).toHaveLength(1);
  });

  it("retries a failed row once, then logs that it is lost", async () => {
    const once = bench({ failures: 1 });
    await once.recorder.record(record(), once.store);
    expect(once.rows).toHaveLength(1);
    const twice = bench({ failures: 2 });
    await twice.recorder.record(record(), twice.store);
    expect(twice.rows).toHaveLength(0);
    expect(twice.lines.at(-2)).toMatch(/^! \[MCP_AUDIT_LOST\]/);
    expect(twice.lines.at(-1)).toBe('! [MCP_AUDIT_DROPPED] {"rows":1,"total":1,"reason":"not stored"}');
    expect(twice.recorder.state()).toEqual({ backlog: 0, dropped: 1 });
    expect(twice.lines.join()).not.toContain("hunter2");
  });

  it("writes rows that no caller waits for in a batch, all but the one that the store refuses", async () => {
    vi.useFakeTimers();
    const { recorder, rows } = bench();
    const inserts: number[] = [];
    const store: AuditStore = {
      async insert(records) {
        inserts.push(records.length);
        if (records.some(({ tool }) => tool === "bad.one")) throw new Error("refused");
        rows.push(...records);
      },
      intend: async () => undefined,
    };
    const waiting = ["a.a", "b.b", "bad.one", "c.c"].map((tool) =>
      recorder.record(record({ tool }), store, "soon"),
    );
    await recorder.record(record({ tool: "now.now" }), store);
    expect(rows.map(({ tool }) => tool)).toEqual(["now.now"]);
    await vi.advanceTimersByTimeAsync(100);
    await Promise.all(waiting);
    expect(rows.map(({ tool }) => tool)).toEqual(["now.now", "a.a", "b.b", "c.c"]);
    expect(inserts.slice(0, 3)).toEqual([1, 4, 4]);
  });

  it("stores limited calls as one row per window, with their count, when the window closes", async () => {
    vi.useFakeTimers();
    const { limited, rows, lines } = bench();
    const stored = [limited(), limited(), limited()];
    await vi.advanceTimersByTimeAsync(900);
    expect(rows).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    await Promise.all(stored);
    expect(rows).toMatchObject([{ code: "rate_limited", calls: 3, success: false }]);
    expect(lines).toHaveLength(1);
    limited();
    await vi.advanceTimersByTimeAsync(1_100);
    expect(rows.map((row) => row.calls)).toEqual([3, 1]);
  });

  it("stores them at the end of the process", async () => {
    const { recorder, limited, rows } = bench();
    limited();
    limited();
    await recorder.flush();
    expect(rows).toMatchObject([{ calls: 2 }]);
  });

  it("stores only the first, at once, where a process may not live until the window closes", async () => {
    const { limited, rows } = bench({ lifetime: "short" });
    await Promise.all([limited(), limited(), limited()]);
    expect(rows).toMatchObject([{ calls: 1 }]);
  });
});
