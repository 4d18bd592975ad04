import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { SmarterosError } from "@smarteros/core";
import { afterEach, describe, expect, it } from "vitest";
import { createAllowList } from "./allow-list.ts";
import { createBackend } from "./backend-client.ts";
import type { BackendRequest } from "./ports.ts";
import { callOf, json, startUpstream, type Upstream } from "./upstream.fixture.ts";

const upstreams: Upstream[] = [];
afterEach(async () => {
  await Promise.all(upstreams.splice(0).map((upstream) => upstream.stop()));
});

async function upstreamThat(...handler: Parameters<typeof startUpstream>) {
  const upstream = await startUpstream(...handler);
  upstreams.push(upstream);
  return upstream;
}

const allowed = createAllowList();
const get: BackendRequest = { allowed, method: "GET", path: "/tenants" };
const post: BackendRequest = { allowed, method: "POST", path: "/validate", body: { ping: true } };

async function failureOf(work: Promise<unknown>) {
  const thrown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!SmarterosError.isInstance(thrown)) throw new Error(`not one of our errors: ${thrown}`);
  expect(thrown.message).not.toContain("UPSTREAM SAYS");
  expect(JSON.stringify(thrown.details)).not.toContain("UPSTREAM SAYS");
  return thrown;
}

const answer = (type: string | undefined, body: string | Buffer, status = 200) => {
  return (_: unknown, response: ServerResponse) => {
    response.writeHead(status, type === undefined ? {} : { "Content-Type": type }).end(body);
  };
};

describe("answers", () => {
  it.each([200, 201, 400, 401, 404, 409, 429])("%i is a response, with its data", async (status) => {
    const upstream = await upstreamThat((_, response) => json(response, status, { of: status }));
    const result = await createBackend({ url: upstream.url }).request(get, callOf());
    expect(result).toEqual({ status, data: { of: status }, latencyMs: expect.any(Number) });
    expect(upstream.hits).toHaveLength(1);
  });

  it.each([
    ["application/json; charset=utf-8", '{"a":"ñ"}', { a: "ñ" }],
    ["application/problem+json", "[1]", [1]],
    ["text/plain", "hola", "hola"],
    ["text/plain", "", null],
    [undefined, "", null],
  ])("%s is read", async (type, body, data) => {
    const upstream = await upstreamThat(answer(type, body));
    expect((await createBackend({ url: upstream.url }).request(get, callOf())).data).toEqual(data);
  });

  it("sends the query and the JSON body, under the backend's folder", async () => {
    const upstream = await upstreamThat();
    const backend = createBackend({ url: `${upstream.url}/api/` });
    await backend.request({ ...get, query: { limit: 2, cursor: "a&b" } }, callOf());
    await backend.request(post, callOf());
    expect(upstream.hits.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
      "GET /api/tenants?limit=2&cursor=a%26b ",
      'POST /api/validate {"ping":true}',
    ]);
    expect(upstream.hits[1]?.headers["content-type"]).toBe("application/json");
  });

  it.each(["ftp://h", "http://user:pw@h", "http://h?a=1", "http://h/#x", "h:8000", "nothing"])(
    "a backend at %s is refused",
    (url) => {
      expect(() => createBackend({ url })).toThrow(TypeError);
    },
  );
});

describe("what is no answer", () => {
  it.each([
    ["an unknown media type", answer("application/octet-stream", "UPSTREAM SAYS")],
    ["no media type", answer(undefined, "UPSTREAM SAYS")],
    ["malformed JSON", answer("application/json", '{"UPSTREAM SAYS')],
    ["bytes that are not UTF-8", answer("text/plain", Buffer.from([0xff, 0xfe]))],
    ["JSON nested without end", answer("application/json", "[".repeat(200) + "]".repeat(200))],
    ["a body over 1 MiB", answer("text/plain", "x".repeat(1_048_577))],
  ])("%s is upstream_error with its status", async (_, handler) => {
    const upstream = await upstreamThat(handler);
    const error = await failureOf(createBackend({ url: upstream.url }).request(get, callOf()));
    expect([error.code, error.details]).toEqual([
      "upstream_error",
      { service: "backend", upstreamStatus: 200 },
    ]);
    expect(upstream.hits).toHaveLength(1);
  });

  it("a body of exactly 1 MiB is taken", async () => {
    const upstream = await upstreamThat(answer("text/plain", "x".repeat(1_048_576)));
    const { data } = await createBackend({ url: upstream.url }).request(get, callOf());
    expect(data).toHaveLength(1_048_576);
  });

  it("an endless body is broken off, not read", async () => {
    let written = 0;
    function* endless() {
      for (;;) {
        written += 65_536;
        yield "x".repeat(65_536);
      }
    }
    const upstream = await upstreamThat((_, response) => {
      response.writeHead(200, { "Content-Type": "text/plain" });
      Readable.from(endless()).pipe(response);
    });
    const error = await failureOf(createBackend({ url: upstream.url }).request(get, callOf()));
    expect(error.code).toBe("upstream_error");
    await expect.poll(() => upstream.abandoned()).toBe(1);
    // What lies in socket buffers was written too.
    expect(written).toBeLessThan(32 * 1_048_576);
  });

  it("a small body that unpacks to a huge one is counted unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1_048_576, "x"));
    const upstream = await upstreamThat((_, response) =>
      response.writeHead(200, { "Content-Type": "text/plain", "Content-Encoding": "gzip" }).end(bomb),
    );
    const error = await failureOf(createBackend({ url: upstream.url }).request(get, callOf()));
    expect(error.code).toBe("upstream_error");
  });

  it.each([301, 302, 303, 307, 308])("a %i to loopback or link-local is not followed", async (status) => {
    const inner = await upstreamThat();
    for (const location of [
      `${inner.url}/secrets`,
      "http://169.254.169.254/latest/meta-data",
      "/tenants",
      "//[::1]/",
    ]) {
      const upstream = await upstreamThat((_, response) =>
        response.writeHead(status, { location }).end("UPSTREAM SAYS"),
      );
      const backend = createBackend({ url: upstream.url, secret: "s".repeat(32) });
      for (const request of [get, post]) {
        const error = await failureOf(backend.request(request, callOf()));
        expect([error.code, error.details.upstreamStatus]).toEqual(["upstream_error", status]);
      }
      expect(upstream.hits).toHaveLength(2);
    }
    expect(inner.hits).toHaveLength(0);
  });

  it("a vendor's failure that the backend reports has the vendor's name", async () => {
    const upstream = await upstreamThat((_, response) =>
      json(response, 502, { ok: false, error: "upstream_error", message: "Odoo is down.", service: "odoo" }),
    );
    const error = await failureOf(createBackend({ url: upstream.url }).request(post, callOf()));
    expect([error.message, error.details]).toEqual(["Odoo is down.", { service: "odoo" }]);
  });

  it("no listener is upstream_error without a status", async () => {
    const upstream = await startUpstream();
    await upstream.stop();
    const error = await failureOf(createBackend({ url: upstream.url }).request(get, callOf()));
    expect([error.code, error.details]).toEqual(["upstream_error", { service: "backend" }]);
    expect(error.message).not.toContain("127.0.0.1");
  });
});

describe("retries", () => {
  it.each([502, 503, 504])("GET is tried again after %i, twice at most", async (status) => {
    const upstream = await upstreamThat(answer("text/plain", "UPSTREAM SAYS", status));
    const error = await failureOf(createBackend({ url: upstream.url }).request(get, callOf()));
    expect(error.details).toEqual({ service: "backend", upstreamStatus: status });
    expect(upstream.hits).toHaveLength(3);
  });

  it("GET is tried again after a connection that was reset, with a fresh assertion", async () => {
    const upstream = await upstreamThat((_, response, hit) =>
      hit < 3 ? void response.destroy() : json(response, 200, "third"),
    );
    const backend = createBackend({ url: upstream.url, secret: "s".repeat(32) });
    expect((await backend.request(get, callOf())).data).toBe("third");
    expect(new Set(upstream.hits.map(({ headers }) => headers.authorization)).size).toBe(3);
  });

  it.each([500, 501, 505])("GET is not tried again after %i", async (status) => {
    const upstream = await upstreamThat(answer("text/plain", "UPSTREAM SAYS", status));
    await failureOf(createBackend({ url: upstream.url }).request(get, callOf()));
    expect(upstream.hits).toHaveLength(1);
  });

  it.each([
    ["502", (_: unknown, response: ServerResponse) => void response.writeHead(502).end()],
    [
      "503",
      (_: unknown, response: ServerResponse) => void response.writeHead(503, { "Retry-After": "0" }).end(),
    ],
    ["a reset", (_: unknown, response: ServerResponse) => void response.destroy()],
  ])("POST is never tried again after %s", async (_, handler) => {
    const upstream = await upstreamThat(handler);
    const error = await failureOf(createBackend({ url: upstream.url }).request(post, callOf()));
    expect(error.code).toBe("upstream_error");
    expect(upstream.hits).toHaveLength(1);
  });

  it("a Retry-After of an hour does not delay the caller", async () => {
    const upstream = await upstreamThat((_, response, hit) =>
      hit === 1
        ? void response.writeHead(503, { "Retry-After": "3600" }).end()
        : json(response, 200, "second"),
    );
    const { data, latencyMs } = await createBackend({ url: upstream.url }).request(get, callOf());
    expect(data).toBe("second");
    expect(latencyMs).toBeLessThan(3_000);
  });

  it("the deadline counts over all of them", async () => {
    const upstream = await upstreamThat(
      (_, response) => void response.writeHead(503, { "Retry-After": "2" }).end(),
    );
    const started = performance.now();
    const error = await failureOf(
      createBackend({ url: upstream.url, deadlineMs: 500 }).request(get, callOf()),
    );
    expect(error.code).toBe("upstream_timeout");
    expect(performance.now() - started).toBeLessThan(1_500);
  });
});

describe("time and cancellation", () => {
  const silent = () => undefined;
  const halfway = (_: unknown, response: ServerResponse) => {
    response.writeHead(200, { "Content-Type": "application/json" }).write('{"half":');
  };
  const halfFailing = (_: unknown, response: ServerResponse) =>
    void response.writeHead(503).write("UPSTREAM SAYS");

  it.each([
    ["one that never answers", silent],
    ["one that hangs in the middle of its body", halfway],
  ])("%s is upstream_timeout, and its connection is closed", async (_, handler) => {
    const upstream = await upstreamThat(handler);
    for (const request of [get, post]) {
      const error = await failureOf(
        createBackend({ url: upstream.url, deadlineMs: 200 }).request(request, callOf()),
      );
      expect([error.code, error.details]).toEqual(["upstream_timeout", { service: "backend" }]);
    }
    expect(upstream.hits).toHaveLength(2);
    await expect.poll(() => upstream.abandoned()).toBe(2);
  });

  it("the end of a body is not missed after a garbage collection", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage: () => void = runInNewContext("gc");
    const upstream = await upstreamThat(halfway);
    const work = failureOf(createBackend({ url: upstream.url, deadlineMs: 600 }).request(get, callOf()));
    for (let pass = 0; pass < 10; pass++) {
      await sleep(40);
      collectGarbage();
    }
    expect((await work).code).toBe("upstream_timeout");
    await expect.poll(() => upstream.abandoned()).toBe(1);
  });

  it("a failure whose body hangs is not waited for", async () => {
    const upstream = await upstreamThat(halfFailing);
    const started = performance.now();
    expect((await failureOf(createBackend({ url: upstream.url }).request(post, callOf()))).code).toBe(
      "upstream_error",
    );
    expect(performance.now() - started).toBeLessThan(2_000);
    await expect.poll(() => upstream.abandoned()).toBe(1);
  });

  it("a body that breaks off is upstream_error", async () => {
    const upstream = await upstreamThat((_, response) => {
      response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "100" }).write('{"a":');
      setTimeout(() => response.destroy(), 50);
    });
    const error = await failureOf(createBackend({ url: upstream.url }).request(get, callOf()));
    expect(error.code).toBe("upstream_error");
  });

  it.each([
    ["before the answer", silent],
    ["in the middle of the body", halfway],
  ])(
    "a caller who goes away %s closes the connection upstream, with their own reason",
    async (_, handler) => {
      const upstream = await upstreamThat(handler);
      const caller = new AbortController();
      const gone = new SmarterosError("cancelled", "gone");
      const work = failureOf(
        createBackend({ url: upstream.url }).request(get, callOf("user_1", caller.signal)),
      );
      await expect.poll(() => upstream.hits.length).toBe(1);
      await sleep(50);
      caller.abort(gone);
      expect(await work).toBe(gone);
      await expect.poll(() => upstream.abandoned()).toBe(1);
    },
  );

  it("a caller who went away before sends nothing", async () => {
    const upstream = await upstreamThat();
    const reason = new SmarterosError("cancelled", "gone");
    const work = createBackend({ url: upstream.url }).request(
      get,
      callOf("user_1", AbortSignal.abort(reason)),
    );
    expect(await failureOf(work)).toBe(reason);
    expect(upstream.hits).toHaveLength(0);
  });
});
