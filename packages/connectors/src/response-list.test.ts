import { expect, it } from "vitest";
import { selected } from "./response-list.ts";

const encoder = new TextEncoder();

/** Creates a response from pieces of text or bytes, which are produced as they are read. */
function responseOf(pieces: Iterable<string | Uint8Array>): Response {
  const iterator = pieces[Symbol.iterator]();
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const { done, value } = iterator.next();
      if (done) controller.close();
      else controller.enqueue(typeof value === "string" ? encoder.encode(value) : value);
    },
  });
  return new Response(body, { headers: { "Content-Type": "application/json" } });
}

const { signal } = new AbortController();
const all = { keep: () => true };
const read = async (pieces: Iterable<string | Uint8Array>, selection: Parameters<typeof selected>[1] = all) =>
  (await selected(responseOf(pieces), selection, signal)).json();

it("reads a list of 60 MB in bounded memory and returns the selected elements", async () => {
  const count = 60_000;
  const filling = "x".repeat(1_000);
  function* pieces() {
    yield '{"total":60000,"payload":[';
    for (let id = 1; id <= count; id++)
      yield `${id > 1 ? "," : ""}{"id":${id},"name":"ñ${filling}","tags":["a",{"b":1}]}`;
    yield "]}";
  }
  let highest = 0;
  const before = process.memoryUsage().heapUsed;
  const keep = (element: unknown) => {
    const { id } = element as { id: number };
    if (id % 1_000 === 0) highest = Math.max(highest, process.memoryUsage().heapUsed);
    return id === 1 || id === count;
  };
  const kept = await read(pieces(), { field: "payload", keep });
  expect(kept).toEqual([1, count].map((id) => ({ id, name: `ñ${filling}`, tags: ["a", { b: 1 }] })));
  expect((highest - before) / 1_048_576).toBeLessThan(200);
});

it("reads characters that are split over pieces", async () => {
  const bytes = encoder.encode('[{"name":"Ñuñoa 🇨🇱 \\" ] }"},[1],"text",null]');
  const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
  expect(await read(single)).toEqual([{ name: 'Ñuñoa 🇨🇱 " ] }' }, [1], "text", null]);
});

it("reads an empty list, and only the list of the field at the top", async () => {
  expect(await read(["[]"])).toEqual([]);
  expect(await read(['{"payload":[]}'], { ...all, field: "payload" })).toEqual([]);
  const nested = '{"a":{"payload":[1]},"b":"payload","c":[2],"payload":[3],"d":[4]}';
  expect(await read([nested], { ...all, field: "payload" })).toEqual([3]);
});

it.each([
  ["unexpected_shape", '{"surprise":[1]}', "payload"],
  ["unexpected_shape", '{"payload":{"a":1}}', "payload"],
  ["unexpected_shape", '{"payload":"[1]"}', "payload"],
  ["unexpected_shape", "[1]", "payload"],
  ["unexpected_shape", '{"a":[1]}', undefined],
  ["unexpected_shape", '"text"', undefined],
  ["not_json", "[1", undefined],
  ["not_json", "[1}", undefined],
  ["not_json", "[1] 2", undefined],
  ["not_json", "", undefined],
  ["too_large", `["${"x".repeat(5 * 1_048_576)}"]`, undefined],
])("rejects with %s: %.20s", async (reason, text, field) => {
  const selection = field === undefined ? all : { ...all, field };
  await expect(read([text], selection)).rejects.toMatchObject({ reason });
});

it("rejects with the reason of the signal", async () => {
  const caller = new AbortController();
  const reason = new Error("stop");
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(encoder.encode("["));
      caller.abort(reason);
      return new Promise(() => undefined);
    },
  });
  await expect(selected(new Response(endless), all, caller.signal)).rejects.toBe(reason);
});
