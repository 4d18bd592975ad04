import { expect, inject, test } from "vitest";
import { post } from "./http-client.ts";
import { tokenOf } from "./tokens.ts";
import { trickle } from "./trickle.ts";

const { local } = inject("web");
const { port, hostname } = new URL(local.url);

const head = (token: string, fields: string) =>
  `POST /api/mcp/tool HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/json\r\nAuthorization: Bearer ${token}\r\n${fields}\r\n\r\n`;

test.each([
  ["whose length is announced", "Content-Length: 2000", " "],
  ["in chunks", "Transfer-Encoding: chunked", "1\r\n \r\n"],
])(
  "a slow body %s is answered with 400 in the shape of every refusal, and its connection is closed",
  async (_what, fields, drop) => {
    const answer = await trickle(local.url, head(await tokenOf(local), fields), drop);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toMatch(/\r\nConnection: close\r\n/i);
    expect(answer).toContain(
      '"ok":false,"error":"invalid_input","message":"The body did not arrive within 10 s.',
    );
    expect(answer).toContain('"requestId"');
  },
  60_000,
);

test("slow headers are answered with 408, and others are served in the meantime", async () => {
  const slow = trickle(local.url, "POST /api/mcp/tool HTTP/1.1\r\n", "X-A: b\r\n");
  expect((await post(local, await tokenOf(local), { name: "tenants.list" })).status).toBe(200);
  expect(await slow).toMatch(/^HTTP\/1\.1 408 /);
}, 90_000);
