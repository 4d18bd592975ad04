import { expect, it } from "vitest";
import { never } from "../connectors.fixture.ts";
import { readWorkflowResponse } from "./workflow-response.ts";

const read = (body: ConstructorParameters<typeof Response>[0], type?: string, status = 200) =>
  readWorkflowResponse(
    new Response(body, { status, headers: type === undefined ? {} : { "content-type": type } }),
    never(),
  );
const bytes = (...values: number[]) => new Uint8Array(values);
const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

it.each([
  ["JSON", '{"a":[1,null]}', "application/json; charset=utf-8", { a: [1, null] }],
  ["a JSON string", '"7"', "application/json", "7"],
  ["problem details", '{"title":"x"}', "Application/Problem+JSON", { title: "x" }],
  ["JSON that is none", '{"a":', "application/json", '{"a":'],
  ["JSON with a key __proto__", '{"__proto__":1}', "application/json", JSON.parse('{"__proto__":1}')],
  ["JSON of 100 levels", nested(100), "application/json", JSON.parse(nested(100))],
  ["JSON of 101 levels", nested(101), "application/json", nested(101)],
  ["JSON of very many levels", nested(100_000), "application/json", nested(100_000)],
  ["JSON as text", '{"a":1}', "text/plain", '{"a":1}'],
  ["JSON without a type", bytes(0x7b, 0x7d), undefined, "{}"],
  ["XML", "<a>é</a>\r\n\t", "application/xml", "<a>é</a>\r\n\t"],
  ["Latin 1", bytes(0x53, 0x65, 0xf1, 0x6f, 0x72), 'text/html; charset="ISO-8859-1"', "Señor"],
  ["a null character in JSON", '{"a\\u0000":"\\u0000b"}', "application/json", { "a\ufffd": "\ufffdb" }],
  ["half of a pair in JSON", '"\\ud83d"', "application/json", "\ufffd"],
  ["no body", null, undefined, null],
  ["an empty body", "", "application/json", null],
])("%s", async (_, body, type, data) => {
  const response = await read(body, type, 201);
  expect(response).toEqual({ status: 201, data });
  expect(JSON.stringify(response.data)).toBe(JSON.stringify(data));
});

it.each([
  ["an image", bytes(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13), "image/png"],
  ["what is no UTF-8", bytes(0x53, 0xf1, 0x6f), "text/html"],
  ["null characters", bytes(0x61, 0, 0x62), "text/plain"],
  ["an unknown character set", bytes(0x61), "text/plain; charset=klingon"],
])("%s is not given, with a notice", async (_, body, type) => {
  expect(await read(body, type, 404)).toEqual({
    status: 404,
    data: null,
    notice: "The workflow responded with binary data, which is not given here.",
  });
});

it("gives 512 KiB and withholds one byte more, with a notice", async () => {
  const largest = "x".repeat(524_288);
  expect(await read(largest, "text/plain")).toEqual({ status: 200, data: largest });
  expect(await read(`${largest}x`, "text/plain")).toEqual({
    status: 200,
    data: null,
    notice: "The workflow responded with more than 512 KiB, which is not given here.",
  });
});

it("rejects when the body breaks off, and with the reason of an aborted signal", async () => {
  const broken = new ReadableStream({ start: (controller) => controller.error(new Error("cut")) });
  await expect(read(broken, "text/plain")).rejects.toThrow("cut");
  const reason = new Error("gone");
  const stop = new AbortController();
  const reading = readWorkflowResponse(new Response(new ReadableStream()), stop.signal);
  stop.abort(reason);
  await expect(reading).rejects.toBe(reason);
});
