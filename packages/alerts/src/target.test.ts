import { expect, test } from "vitest";
import { addressesOf } from "./ssrf-guard.ts";
import { shownAddress, targetProblem, targetSettings } from "./target.ts";

const answering = (...addresses: string[]) => ({
  allowsInternal: false,
  resolve: async () => addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
});

test.each([
  ["127.0.0.1"],
  ["0.0.0.0"],
  ["10.1.2.3"],
  ["172.16.0.1"],
  ["192.168.1.1"],
  ["169.254.169.254"],
  ["100.64.0.1"],
  ["224.0.0.1"],
  ["255.255.255.255"],
  ["::1"],
  ["::"],
  ["fe80::1%eth0"],
  ["fd00::1"],
  ["::ffff:127.0.0.1"],
  ["64:ff9b::7f00:1"],
  ["2002:7f00:1::"],
  ["192.0.0.1"],
  ["192.0.2.1"],
  ["192.88.99.1"],
  ["198.18.0.1"],
  ["198.19.255.255"],
  ["198.51.100.1"],
  ["203.0.113.1"],
  ["240.0.0.1"],
  ["168.63.129.16"],
  ["::ffff:168.63.129.16"],
  ["::ffff:0:7f00:1"],
  ["::7f00:1"],
  ["::a9fe:a9fe"],
  ["::168.63.129.16"],
  ["64:ff9b:1::7f00:1"],
  ["fec0::1"],
  ["100::1"],
  ["ff02::1"],
  ["2001::1"],
  ["2001:db8::1"],
  ["3fff::1"],
  ["4000::1"],
  ["5f00::1"],
  ["93.184.216.34", "10.0.0.1"],
])("a host at %s %s is refused", async (...addresses) => {
  await expect(addressesOf("hooks.example", answering(...addresses))).rejects.toThrow("internal network");
});

test.each(["169.254.169.254", "fe80::1", "168.63.129.16", "fd00:ec2::254"])(
  "a host at %s is refused where internal ones are allowed, too",
  async (address) => {
    const asked = { ...answering(address), allowsInternal: true };
    await expect(addressesOf("hooks.example", asked)).rejects.toThrow("internal network");
  },
);

test("a host at public addresses is dialled at those", async () => {
  const found = await addressesOf("hooks.example", answering("93.184.216.34", "2606:2800:220:1::1"));
  expect(found.map(({ address }) => address)).toEqual(["93.184.216.34", "2606:2800:220:1::1"]);
  await expect(addressesOf("hooks.example", answering())).rejects.toThrow("has no address");
});

test.each([
  "https://127.0.0.1/x",
  "https://[::1]/x",
  "https://2130706433/x",
  "https://0x7f.1/x",
  "https://localhost/x",
])("%s is internal however it is written", async (url) => {
  const settings = targetSettings.parse({ kind: "slack", url });
  expect(await targetProblem(settings, { allowsInternal: false })).toEqual({
    field: "url",
    message: expect.stringContaining("internal network"),
  });
  expect(await targetProblem(settings, { allowsInternal: true })).toBeUndefined();
});

const secret = Buffer.alloc(32, 7).toString("base64");
const mail = { kind: "email", to: "ops@example.com", from: "alerts@example.com" };

test.each([
  [{ kind: "slack", url: "ftp://hooks.example" }, "url"],
  [{ kind: "slack", url: "https://user:hunter2@hooks.example" }, "url"],
  [{ kind: "webhook", url: "https://hooks.example", secret: "hunter2" }, "secret"],
  [{ kind: "webhook", url: "https://hooks.example" }, "secret"],
  [{ ...mail, smtpUrl: "https://hunter2@mail.example" }, "smtpUrl"],
  [{ ...mail, to: "a@example.com, b@example.com", smtpUrl: "smtps://mail.example" }, "to"],
  [{ ...mail, from: "x\r\nBcc: all@example.com", smtpUrl: "smtps://mail.example" }, "from"],
])("%j is refused by the name of its field, without its value", (settings, field) => {
  const issues = targetSettings.safeParse(settings).error?.issues ?? [];
  expect(issues.map(({ path }) => path.join("."))).toEqual([field]);
  expect(JSON.stringify(issues)).not.toMatch(/hunter2|Bcc/);
});

test("of a target no more is shown than its host, or its address of mail", () => {
  const shown = (settings: unknown) => shownAddress(targetSettings.parse(settings));
  expect(shown({ kind: "slack", url: "https://hooks.slack.com/services/T0/B0/secret" })).toBe(
    "hooks.slack.com",
  );
  expect(shown({ kind: "webhook", url: "https://hooks.example:8443/in?key=1", secret })).toBe(
    "hooks.example:8443",
  );
  expect(shown({ ...mail, smtpUrl: "smtps://user:password@mail.example" })).toBe("ops@example.com");
});

test("what others can read along is refused", async () => {
  const settings = targetSettings.parse({ kind: "slack", url: "http://127.0.0.1/x" });
  expect(await targetProblem(settings, { allowsInternal: false })).toEqual({
    field: "url",
    message: "must be an https URL",
  });
});
