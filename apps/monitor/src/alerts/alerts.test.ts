import { randomBytes, randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { send } from "@smarteros/alerts/monitor";
import { SMTPServer } from "smtp-server";
import { Webhook } from "standardwebhooks";
import { expect, it, onTestFinished, vi } from "vitest";
import {
  answer,
  farSide,
  freshFolder,
  monitorEnvironment,
  runMonitor,
  startMonitor,
} from "../monitor.fixture.ts";
import { alertDatabase } from "./target.fixture.ts";

// The real program, the real database, and receivers that it dials.

const secret = randomBytes(32).toString("base64");
const run = (words: string[] = []) => runMonitor(words, monitorEnvironment());

/** What came for one group; the alerts of other tests go to every target as well. */
const about = <Seen extends { body: string }>(seen: Seen[], group = "test") =>
  seen.filter(({ body }) => body.includes(`Alert ${group},`) || body.includes(`"group":"${group}"`));

async function mailServer() {
  const letters: { from: unknown; to: unknown; body: string }[] = [];
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, answer) =>
      username === "ops" && password === "hunter2"
        ? answer(null, { user: "ops" })
        : answer(new Error("no such user")),
    onData(stream, { envelope }, answer) {
      let body = "";
      stream.on("data", (chunk) => {
        body += chunk;
      });
      stream.on("end", () => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : undefined;
        letters.push({
          from,
          to: envelope.rcptTo.map(({ address }) => address),
          body: body.replaceAll("=\r\n", ""),
        });
        answer();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, letters };
}

it("tells a signed webhook, Slack and a mailbox, each once, and no secret to the log", async () => {
  const database = alertDatabase();
  const [hook, slack, mail] = [
    await farSide(answer(204)),
    await farSide(answer(200, "ok")),
    await mailServer(),
  ];
  const targets = [
    await database.addTarget({ kind: "webhook", url: `${hook.url}/in?key=hunter2`, secret }),
    await database.addTarget({ kind: "slack", url: `${slack.url}/services/hunter2` }),
    await database.addTarget({
      kind: "email",
      from: "alerts@example.com",
      to: "ops@example.com",
      smtpUrl: `smtp://ops:hunter2@127.0.0.1:${mail.port}`,
    }),
  ];
  const service = `svc-${randomUUID()}`;
  const names = targets.map(({ name }) => name);
  const rule = {
    id: `r-${randomUUID()}`,
    kind: "probe",
    service,
    openAfter: 1,
    closeAfter: 1,
    targets: names,
  };
  await database.saveRule(rule);
  await database.probed(service, "error");
  const logs = [await run(), await run()].map(({ out, err }) => out + err).join();
  await vi.waitFor(() => expect(about(mail.letters, rule.id)).toHaveLength(1), 10_000);
  expect(logs).not.toMatch(/hunter2/);
  expect(logs).not.toContain(secret);

  const [request] = about(hook.seen, rule.id);
  const verified = new Webhook(secret).verify(
    request?.body ?? "",
    request?.headers as Record<string, string>,
  );
  expect(verified).toMatchObject({
    type: "alert.opened",
    data: { group: rule.id, subjects: [{ rule: rule.id, subject: service, why: "status 503" }] },
  });
  expect(() =>
    new Webhook(secret).verify(`${request?.body} `, request?.headers as Record<string, string>),
  ).toThrow();
  expect(JSON.parse(about(slack.seen, rule.id)[0]?.body ?? "").text).toContain(`${service}: status 503`);
  expect(about(mail.letters, rule.id)).toEqual([
    { from: "alerts@example.com", to: ["ops@example.com"], body: expect.stringContaining("status 503") },
  ]);

  await database.probed(service, "ok");
  await run();
  await vi.waitFor(() => expect(about(mail.letters, rule.id)).toHaveLength(2), 10_000);
  await vi.waitFor(async () => {
    const kinds = await Promise.all(targets.map(({ id }) => database.deliveries(id, rule.id)));
    for (const deliveries of kinds)
      expect(deliveries).toMatchObject([
        { kind: "opened", state: "delivered", attempts: 1 },
        { kind: "resolved", state: "delivered", attempts: 1 },
      ]);
  }, 10_000);
  for (const { seen } of [hook, slack]) expect(about(seen, rule.id)).toHaveLength(2);
});

it("tells nobody of what fails in a maintenance window that the health page announced", async () => {
  const database = alertDatabase();
  const hook = await farSide(answer(204));
  const target = await database.addTarget({ kind: "slack", url: hook.url });
  const service = `svc-${randomUUID()}`;
  const rule = { id: `r-${randomUUID()}`, kind: "probe", service, openAfter: 1, targets: [target.name] };
  await database.saveRule(rule);
  const [window] = await database.sql`
    insert into smarteros.maintenance_windows (service, starts_at, ends_at, reason, created_by)
    values (${service}, now(), now() + interval '1 hour', 'an upgrade', 'user_alerts') returning id`;
  await database.probed(service, "error");
  await run();
  expect(await database.deliveries(target.id, rule.id)).toEqual([]);
  await database.sql`update smarteros.maintenance_windows set ends_at = now() where id = ${window?.id}`;
  await run();
  expect(await database.deliveries(target.id, rule.id)).toMatchObject([{ kind: "opened" }]);
});

it("tries again what failed, later each time, until it is delivered; and not where no target wants it", async () => {
  const database = alertDatabase();
  const [hook, gone] = [await farSide(answer(503)), await farSide(answer(410))];
  const target = await database.addTarget({ kind: "webhook", url: hook.url, secret });
  const deaf = await database.addTarget({ kind: "slack", url: gone.url });
  await Promise.all([database.test(target.id), database.test(deaf.id)]);
  await run();
  await vi.waitFor(
    async () =>
      expect(await database.deliveries(target.id)).toMatchObject([
        { state: "pending", attempts: 1, last_status: 503, last_error: "status 503", waits: true },
      ]),
    10_000,
  );
  expect(await database.deliveries(deaf.id)).toMatchObject([
    { state: "failed", attempts: 1, last_status: 410 },
  ]);
  await run();
  expect(about(hook.seen)).toHaveLength(1);
  hook.become(answer(200));
  await database.hurry(target.id);
  await run();
  await vi.waitFor(
    async () =>
      expect(await database.deliveries(target.id)).toMatchObject([{ state: "delivered", attempts: 2 }]),
    10_000,
  );
  const ids = about(hook.seen).map(({ headers }) => headers["webhook-id"]);
  expect(ids).toEqual([ids[0], ids[0]]);
});

it("gives up after the sixth attempt", async () => {
  const database = alertDatabase();
  const hook = await farSide(answer(500));
  const target = await database.addTarget({ kind: "slack", url: hook.url });
  await database.test(target.id);
  await database.sql`update public.alert_deliveries set attempts = 5 where target_id = ${target.id}`;
  await run();
  await vi.waitFor(
    async () =>
      expect(await database.deliveries(target.id)).toMatchObject([{ state: "failed", attempts: 6 }]),
    10_000,
  );
});

it("delivers a test while it runs, without waiting for its next pass", async () => {
  const database = alertDatabase();
  const slack = await farSide(answer(200));
  const target = await database.addTarget({ kind: "slack", url: slack.url });
  const monitor = startMonitor(["--every", "1h"], monitorEnvironment());
  await vi.waitFor(() => expect(monitor.said.out).toContain("supabase"), 20_000);
  await database.test(target.id);
  await vi.waitFor(() => expect(about(slack.seen)).toHaveLength(1), 20_000);
  monitor.kill("SIGTERM");
  expect((await monitor.ended).code).toBe(0);
});

it("follows no redirect, and dials nothing internal", async () => {
  const inside = await farSide(answer(200));
  const outside = await farSide(answer(302, "", { Location: inside.url }));
  const attempt = (url: string, allowsInternal: boolean) =>
    send(
      { id: "1", payload: { kind: "test", group: "test", at: "now" }, settings: { kind: "slack", url } },
      { allowsInternal, now: new Date() },
    );
  expect(await attempt(outside.url, true)).toMatchObject({ delivered: false, status: 302, isFinal: false });
  const refused = { delivered: false, status: null, isFinal: false };
  for (const host of ["127.0.0.1", "localhost", "[::1]", "0x7f000001"])
    expect(await attempt(`https://${host}:${new URL(inside.url).port}/`, false), host).toEqual({
      ...refused,
      reason: expect.stringContaining("internal network"),
    });
  const mail = await mailServer();
  const settings = {
    kind: "email",
    to: "a@example.com",
    from: "b@example.com",
    smtpUrl: `smtp://127.0.0.1:${mail.port}`,
  } as const;
  const payload = { kind: "test", group: "test", at: "now" };
  expect(
    await send({ id: "1", payload, settings }, { allowsInternal: false, now: new Date() }),
  ).toMatchObject(refused);
  expect(inside.seen).toHaveLength(0);
  expect(mail.letters).toHaveLength(0);
});

it("says what a mail server answered by its code alone", async () => {
  const mail = await mailServer();
  const smtpUrl = `smtp://ops:wrong@127.0.0.1:${mail.port}`;
  const settings = { kind: "email", to: "a@example.com", from: "b@example.com", smtpUrl } as const;
  const payload = { kind: "test", group: "test", at: "now" };
  expect(await send({ id: "1", payload, settings }, { allowsInternal: true, now: new Date() })).toEqual({
    delivered: false,
    status: 535,
    reason: "mail server: 535",
    isFinal: false,
  });
});

it("does not start with a rules file that is wrong, and names every field", async () => {
  const file = path.join(freshFolder(), "rules.json");
  const start = async (content: string) => {
    writeFileSync(file, content);
    return runMonitor([], { ...monitorEnvironment(), ALERT_RULES: file });
  };
  const wrong = await start('{"rules": [{"kind": "errors", "id": "a", "objective": 0.5, "openAfter": 0}]}');
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain("ALERT_RULES rules.0.objective: must be 0.94 or more");
  expect(wrong.err).toContain("ALERT_RULES rules.0.openAfter");
  expect(await start("rules:")).toMatchObject({ code: 2, err: expect.stringContaining("it is not JSON") });
  const missing = { ...monitorEnvironment(), ALERT_RULES: `${file}.not` };
  expect(await runMonitor([], missing)).toMatchObject({
    code: 2,
    err: expect.stringContaining("cannot be read"),
  });
  const open = { ...monitorEnvironment(), SMARTEROS_IDENTITY: "clerk" };
  expect(await runMonitor([], open)).toMatchObject({
    code: 2,
    err: expect.stringContaining("ALERT_ALLOW_INTERNAL"),
  });
});
