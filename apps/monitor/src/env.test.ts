import path from "node:path";
import { expect, it } from "vitest";
import { parseEnvironment } from "./env.ts";
import { runMonitor } from "./monitor.fixture.ts";

const needed = {
  NEXT_PUBLIC_SUPABASE_URL: "https://x.supabase.co/",
  SUPABASE_SERVICE_ROLE_KEY: "sb_secret_x",
};

function settingsOf(environment: Record<string, string>) {
  const settings = parseEnvironment({ ...needed, ...environment });
  if (!settings.ok) throw new Error(settings.problems.join());
  return settings.value;
}

it("needs only the seed's variables and defaults to the seed's backend address", () => {
  expect(settingsOf({ HOME: "/home/x" })).toMatchObject({
    supabase: { url: "https://x.supabase.co", serviceRoleKey: "sb_secret_x" },
    webUrl: undefined,
    backendUrl: "https://api.smarterbot.cl",
    bufferFile: expect.stringMatching(/^\/home\/x\/\.local\/state\/smarteros\/monitor-[0-9a-f]{12}\.ndjson$/),
  });
});

it("probes no backend with local identity unless FASTAPI_URL is set", () => {
  expect(settingsOf({ SMARTEROS_IDENTITY: "local" }).backendUrl).toBeUndefined();
  expect(settingsOf({ SMARTEROS_IDENTITY: "local", FASTAPI_URL: "http://127.0.0.1:8000" }).backendUrl).toBe(
    "http://127.0.0.1:8000",
  );
});

it("buffers in MONITOR_BUFFER_FILE or its former name, else in the state directory, else in .smarteros; one file per project", () => {
  expect(settingsOf({ MONITOR_BUFFER_FILE: "/x/buffer" }).bufferFile).toBe("/x/buffer");
  expect(settingsOf({ MONITOR_SPILL_FILE: "/x/former" }).bufferFile).toBe("/x/former");
  expect(settingsOf({ XDG_STATE_HOME: "/state", HOME: "/h" }).bufferFile).toMatch(
    /^\/state\/smarteros\/monitor-/,
  );
  expect(settingsOf({ XDG_STATE_HOME: "relative", HOME: "/h" }).bufferFile).toMatch(/^\/h\/\.local/);
  expect(settingsOf({}).bufferFile).toMatch(path.resolve(".smarteros/monitor-"));
  const other = settingsOf({ NEXT_PUBLIC_SUPABASE_URL: "https://y.supabase.co" });
  expect(other.bufferFile).not.toBe(settingsOf({}).bufferFile);
});

it("parses named addresses and the thresholds of a service's state", () => {
  expect(settingsOf({})).toMatchObject({ urls: [], thresholds: { downAfter: 3, upAfter: 2 } });
  const given = {
    MONITOR_URLS: "  shop=https://x.cl/a?b=c,d\n erp-2.eu=http://127.0.0.1:1 ",
    MONITOR_DOWN_AFTER: "5",
  };
  expect(settingsOf(given)).toMatchObject({
    urls: [
      { name: "shop", url: "https://x.cl/a?b=c,d" },
      { name: "erp-2.eu", url: "http://127.0.0.1:1" },
    ],
    thresholds: { downAfter: 5, upAfter: 2 },
  });
});

it.each([
  ["https://x.cl", "pair 1 must be name=url"],
  ["a=https://x.cl Shop=https://x.cl", "pair 2 must be name=url"],
  ["odoo=https://x.cl", "pair 1 has a name that the monitor uses itself"],
  ["backend.mine=https://x.cl", "pair 1 has a name that the monitor uses itself"],
  ["a=https://x.cl a=https://y.cl", "pair 2 has the name of another"],
  ["a=ftp://x.cl", "pair 1: must be an http or https URL"],
  ["a=https://me:secret@x.cl", "pair 1: must have no user or password"],
])("names the invalid pair of MONITOR_URLS %s and its problem", (MONITOR_URLS, problem) => {
  const settings = parseEnvironment({ ...needed, MONITOR_URLS });
  expect(settings).toMatchObject({
    ok: false,
    problems: [expect.stringContaining(`MONITOR_URLS is not valid: ${problem}`)],
  });
});

it("reports all invalid settings together, by name and never by value, and exits with 2", async () => {
  const secret = "hunter2hunter2";
  const done = await runMonitor([], {
    NEXT_PUBLIC_SUPABASE_URL: `https://user:${secret}@x.supabase.co`,
    SUPABASE_SERVICE_ROLE_KEY: `sb_${secret}\ninjected`,
    WEB_URL: `localhost-${secret}`,
    FASTAPI_URL: `ftp://${secret}`,
    SMARTEROS_IDENTITY: secret,
    MONITOR_BUFFER_FILE: `/${secret}/`,
    MONITOR_URLS: `shop=https://user:${secret}@x.cl`,
    MONITOR_DOWN_AFTER: secret,
    ODOO_URL: secret,
  });
  expect(done).toMatchObject({ code: 2, out: "" });
  for (const name of ["NEXT_PUBLIC_SUPABASE_URL", "SUPABASE_SERVICE_ROLE_KEY", "WEB_URL", "FASTAPI_URL"])
    expect(done.err).toContain(`${name} is not valid`);
  for (const name of [
    "SMARTEROS_IDENTITY",
    "MONITOR_BUFFER_FILE",
    "MONITOR_URLS",
    "MONITOR_DOWN_AFTER",
    "ODOO_URL",
  ])
    expect(done.err).toContain(`${name} is not valid`);
  expect(done.err).not.toContain("hunter2");
  expect(await runMonitor([], {})).toMatchObject({
    code: 2,
    err: expect.stringMatching(/NEXT_PUBLIC_SUPABASE_URL is missing.*SUPABASE_SERVICE_ROLE_KEY is missing/),
  });
});

it.each(["/dev/null", "/proc/buffer", "/etc/hostname/buffer"])(
  "rejects %s as a disk buffer because it cannot be written and read back",
  async (file) => {
    const done = await runMonitor([], { ...needed, MONITOR_BUFFER_FILE: file });
    expect(done).toMatchObject({ code: 2, out: "" });
    expect(done.err).toContain("MONITOR_BUFFER_FILE cannot be written");
  },
);
