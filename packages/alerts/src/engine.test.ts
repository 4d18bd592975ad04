import { expect, test } from "vitest";
import { advance } from "./engine.ts";
import { play, type Stretch } from "./recording.fixture.ts";
import { alertRule, builtInRules } from "./rule.ts";
import { type AlertNotification, type AlertState, alertState, noAlertState } from "./state.ts";

const startedAt = Date.parse("2026-03-01T00:00:00Z");
const hours = 12;
const days = 24 * hours;

const recorded: Stretch[] = [
  { steps: 3 * days, calls: 20 },
  // A burst: all calls fail for half an hour, and both services with them.
  { steps: 6, calls: 20, failed: 20, web: ["error"], backend: ["error"] },
  { steps: 1 * days, calls: 20 },
  // Flapping: never long enough to be notified.
  { steps: 3 * hours, calls: 20, web: ["error", "ok"] },
  { steps: 2 * days, calls: 20 },
  // A slow burn: one call in fifty, against an objective of one in a hundred.
  { steps: 2 * days, calls: 50, failed: 1 },
  { steps: 1 * days, calls: 50 },
  // Nobody watches for two hours, and the backend is down when somebody does again.
  { steps: 2 * hours, calls: 50, isSilent: true },
  { steps: 5 * hours, calls: 50, backend: ["error"] },
  { steps: 1 * hours, calls: 50 },
];

type Restart = (state: AlertState) => AlertState;

function replay(stretches: Stretch[], restart: Restart, rules = builtInRules) {
  let state = noAlertState;
  const notified: AlertNotification[] = [];
  for (const { now, observations } of play(stretches, startedAt)) {
    const pass = () => advance({ rules, state: restart(state), observations, now });
    const { notifications, state: next } = pass();
    // A monitor that dies before it has stored what it found makes the same pass again.
    expect(pass()).toEqual({ ...pass(), notifications, state: next });
    notified.push(...notifications);
    state = next;
  }
  return notified;
}

const brief = ({ at, kind, group, subjects }: AlertNotification) =>
  `${at.slice(5, 16)} ${kind} ${group}: ${subjects.map(({ subject }) => subject).join(", ")}`.trimEnd();

const expected = [
  // The third step that burns 14.4 times the budget of an hour is the second in a row.
  "03-04T00:10 opened services: web, backend",
  "03-04T00:15 opened tool-errors: tenants.create",
  "03-04T00:45 resolved services:",
  "03-04T01:10 resolved tool-errors:",
  // After 247 steps three days hold one failure in a hundred; the burst is no longer among them.
  "03-08T00:10 opened tool-errors: tenants.create",
  "03-08T04:10 reminder tool-errors: tenants.create",
  "03-08T08:10 reminder tool-errors: tenants.create",
  "03-08T12:10 reminder tool-errors: tenants.create",
  "03-08T16:10 reminder tool-errors: tenants.create",
  "03-08T20:10 reminder tool-errors: tenants.create",
  "03-09T00:10 reminder tool-errors: tenants.create",
  "03-09T04:10 reminder tool-errors: tenants.create",
  // Three days still do; the six hours do not.
  "03-09T06:45 resolved tool-errors:",
  "03-10T05:35 gap monitor-silence: monitor",
  "03-10T05:40 opened services: backend",
  "03-10T09:40 reminder services: backend",
  "03-10T10:45 resolved services:",
];

test.each<[string, Restart]>([
  ["in one process", (state) => state],
  ["with a restart at every step", (state) => alertState.parse(JSON.parse(JSON.stringify(state)))],
])("a recorded incident tells exactly what is expected, %s", (_, restart) => {
  const notified = replay(recorded, restart);
  expect(notified.map(brief)).toEqual(expected);
  expect(new Set(notified.map(({ key }) => key)).size).toBe(notified.length);
});

const down: Stretch[] = [
  { steps: 2, calls: 0 },
  { steps: 6, calls: 0, web: ["error"] },
];
const services = alertRule.parse({ kind: "probe", id: "services" });
const at = (steps: number) => startedAt + steps * 300_000;

/** Replays with one rule, and with what is not a rule changed over time. */
function replayWith(stretches: Stretch[], given: Partial<Parameters<typeof advance>[0]>) {
  let state = noAlertState;
  return [...play(stretches, startedAt)].flatMap(({ now, observations }) => {
    const pass = advance({ rules: [services], state, observations, now, ...given });
    state = pass.state;
    return pass.notifications.map(brief);
  });
}

test("what a mute holds back is notified when it ends, if it is still so", () => {
  expect(replayWith(down, { mutes: { services: at(6) } })).toEqual(["03-01T00:30 opened services: web"]);
  expect(replayWith([...down, { steps: 9, calls: 0 }], { mutes: { services: at(60) } })).toEqual([]);
});

test("failures in a maintenance window count for nothing, those of other services do", () => {
  const window = { from: new Date(startedAt).toISOString(), until: new Date(at(5)).toISOString() };
  expect(replayWith(down, { maintenance: [window] })).toEqual(["03-01T00:30 opened services: web"]);
  const backend = { ...window, services: ["backend"] };
  expect(replayWith(down, { maintenance: [backend] })).toEqual(["03-01T00:20 opened services: web"]);
});

test("one notification tells of many failures, of every rule in a group, and one more of what joins them", () => {
  const rules = [
    alertRule.parse({ kind: "probe", id: "web", service: "web", group: "site" }),
    alertRule.parse({ kind: "probe", id: "backend", service: "backend", group: "site", openAfter: 3 }),
  ];
  const both: Stretch = { steps: 4, calls: 0, web: ["error"], backend: ["error"] };
  expect(replayWith([both], { rules })).toEqual(["03-01T00:10 opened site: web, backend"]);
  expect(replayWith([{ steps: 3, calls: 0, web: ["error"] }, both], { rules })).toEqual([
    "03-01T00:10 opened site: web",
    "03-01T00:30 changed site: web, backend",
  ]);
});

test.each([
  ["keep", ["opened"]],
  // The other service joins, which was well as long as it was heard of.
  ["open", ["opened", "changed"]],
  ["close", ["opened", "resolved"]],
])("no data: %s", (noData, kinds) => {
  const rules = [alertRule.parse({ ...services, noData })];
  let state = noAlertState;
  const heard: string[] = [];
  for (const { now, observations } of play([...down, { steps: 20, calls: 0 }], startedAt)) {
    const probes = now > at(8) ? [] : observations.probes;
    const pass = advance({ rules, state, observations: { ...observations, probes }, now });
    state = pass.state;
    heard.push(...pass.notifications.map(({ kind }) => kind));
  }
  expect(heard).toEqual(kinds);
});

test("a service that was well and is heard of no more opens where the rule asks for it", () => {
  const rules = [alertRule.parse({ ...services, noData: "open" })];
  let state = noAlertState;
  const notified: string[] = [];
  for (const { now, observations } of play([{ steps: 6, calls: 0 }], startedAt)) {
    const probes = observations.probes.filter(({ service }) => service === "backend" || now <= at(3));
    const pass = advance({ rules, state, observations: { ...observations, probes }, now });
    state = pass.state;
    notified.push(...pass.notifications.map(brief));
  }
  expect(notified).toEqual(["03-01T00:25 opened services: web"]);
});

test("a rule that is switched off closes what it had opened", () => {
  const [first, ...rest] = play(down, startedAt);
  let state = advance({
    rules: [services],
    state: noAlertState,
    ...(first as NonNullable<typeof first>),
  }).state;
  for (const seen of rest) state = advance({ rules: [services], state, ...seen }).state;
  const off = { ...services, enabled: false };
  const last = rest.at(-1) as NonNullable<typeof first>;
  expect(advance({ rules: [off], state, ...last }).notifications.map(brief)).toEqual([
    "03-01T00:40 resolved services:",
  ]);
});

test("lost audit records and failed steps are notified once, and a web app that restarted counts from nothing", () => {
  const [first] = [...play([{ steps: 1, calls: 0 }], startedAt)];
  if (!first) throw new Error("nothing was played");
  let state = noAlertState;
  const notified: string[] = [];
  const dropped = [3, 3, 3, 3, 5, 5, 5, 5, 2, undefined, 2];
  for (const [index, auditDropped] of dropped.entries()) {
    const provisioning = [{ vendor: "odoo", failed: index < 2 ? 4 : 0, kinds: ["auth"] }];
    const observations = { ...first.observations, auditDropped, provisioning };
    const pass = advance({ rules: builtInRules, state, observations, now: at(index) });
    state = pass.state;
    notified.push(...pass.notifications.map(({ kind, group, at }) => `${at.slice(14, 16)} ${kind} ${group}`));
  }
  expect(notified).toEqual([
    "00 opened provisioning",
    "00 opened audit-drops",
    "15 resolved audit-drops",
    "20 resolved provisioning",
    "20 opened audit-drops",
    "35 resolved audit-drops",
    "40 opened audit-drops",
  ]);
});
