import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asCurl, asToolsCall } from "./tool-call.ts";

// A curl that prints its arguments: what the shell makes of the line is what is tested, not curl.
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "curl-"));
  writeFileSync(join(folder, "curl"), "#!/bin/sh\nprintf '%s\\0' \"$@\"\n");
  chmodSync(join(folder, "curl"), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(line: string) {
  const env = { ...process.env, PATH: `${folder}:/usr/bin:/bin`, SMARTEROS_TOKEN: "a b'c$d" };
  const printed = execFileSync("sh", ["-c", line], { encoding: "utf8", env, cwd: folder });
  const words = printed.split("\0").slice(0, -1);
  return { words, body: words[words.indexOf("--data-raw") + 1] ?? "" };
}

const hostile = [
  "it's",
  "'; touch pwned; echo '",
  "$(touch pwned) `touch pwned` $HOME $SMARTEROS_TOKEN",
  "line\nbreak\r\n\ttab",
  "back\\slash \\' \\n",
  'double "quotes"',
  "!! !$ history",
  "@file %s \0 nul",
  "ñandú 日本 😀 \u202e \u200b \ud800",
  "-- --data-raw -H",
];

test.each(hostile)("the shell hands curl the body as it is: %j", (text) => {
  const call = { name: text, args: { [text]: [text], text } };
  expect(JSON.parse(run(asCurl({ ...call, origin: "http://localhost:3000" })).body)).toEqual(call);
});

test("whatever the arguments are", () => {
  const texts = fc.string({ unit: "binary" });
  // JSON.stringify drops the sign of minus zero.
  const values = fc.jsonValue({ stringUnit: "binary" }).map((value) => JSON.parse(JSON.stringify(value)));
  fc.assert(
    fc.property(texts, values, (name, args) => {
      const line = asCurl({ name, args, origin: "https://console.example" });
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(JSON.parse(run(line).body)).toEqual({ name, args });
    }),
    { numRuns: 60 },
  );
});

test("the token comes from the environment, in one word", () => {
  const line = asCurl({ name: "tenants.list", origin: "http://localhost:3000" });
  expect(run(line).words).toEqual([
    "-sS",
    "http://localhost:3000/api/mcp/tool",
    "-H",
    "Authorization: Bearer a b'c$d",
    "-H",
    "Content-Type: application/json",
    "--data-raw",
    '{"name":"tenants.list"}',
  ]);
});

test("the same call as a request of the protocol", () => {
  const text = asToolsCall({ alias: "tenants_list", args: { search: "a\u202eb" } });
  expect(text).toContain(String.raw`a\u202eb`);
  expect(JSON.parse(text)).toEqual({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name: "tenants_list", arguments: { search: "a\u202eb" } },
  });
  expect(JSON.parse(asToolsCall({ alias: "ping" })).params).toEqual({ name: "ping" });
});
