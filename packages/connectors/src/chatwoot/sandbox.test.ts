import { afterAll, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import { type Sandbox, startSandbox } from "../sandbox/server.ts";
import { chatwootFake } from "./sandbox.ts";

// The shapes of Chatwoot's public API description, swagger/definitions/resource/inbox.yml and
// swagger/paths/application/inboxes/*.yml of github.com/chatwoot/chatwoot, as far as an API inbox has them. The
// description lists no property as required; the properties that every inbox has are required here.
const nullableText = z.string().nullable();
const inbox = z.object({
  id: z.number(),
  name: z.string(),
  channel_id: z.number(),
  channel_type: z.string(),
  avatar_url: z.string(),
  page_id: nullableText.optional(),
  email: nullableText.optional(),
  provider: nullableText.optional(),
  phone_number: nullableText.optional(),
  inbox_identifier: nullableText,
  enable_auto_assignment: z.boolean(),
  greeting_enabled: z.boolean(),
  greeting_message: nullableText,
  working_hours_enabled: z.boolean(),
  working_hours: z.array(z.object({ day_of_week: z.number(), closed_all_day: z.boolean() })),
  enable_email_collect: z.boolean(),
  csat_survey_enabled: z.boolean(),
  auto_assignment_config: z.record(z.string(), z.unknown()),
  out_of_office_message: nullableText,
  timezone: z.string(),
  callback_webhook_url: nullableText.optional(),
  allow_messages_after_resolved: z.boolean(),
  lock_to_single_conversation: z.boolean(),
  sender_name_type: z.string(),
  business_name: nullableText,
  hmac_mandatory: z.boolean(),
});

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox(chatwootFake);
});
afterAll(() => sandbox.stop());

async function request(
  path: string,
  init: RequestInit = {},
  token = `${sandbox.settings.CHATWOOT_API_TOKEN}`,
) {
  const headers = { api_access_token: token, "Content-Type": "application/json" };
  const response = await fetch(`${sandbox.url}/api/v1/accounts/1${path}`, { headers, ...init });
  const text = await response.text();
  return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : text };
}
const post = (json: unknown) => request("/inboxes", { method: "POST", body: JSON.stringify(json) });

it("responds with inboxes that match the description: created, read and listed", async () => {
  // The example of the description, with further parameters that the controller permits.
  const created = await post({
    name: "API Inbox",
    greeting_enabled: true,
    channel: { type: "api", webhook_url: "https://example.com/webhook", additional_attributes: { key: "t" } },
  });
  expect(created.status).toBe(200);
  const { id } = inbox.parse(created.body);
  inbox.parse((await request(`/inboxes/${id}`)).body);
  const { payload } = z.object({ payload: z.array(inbox) }).parse((await request("/inboxes")).body);
  expect(payload).toHaveLength(1);
  expect(created.body).toMatchObject({
    webhook_url: "https://example.com/webhook",
    additional_attributes: { key: "t" },
  });
});

it("replaces all attributes of an API channel and none of another channel", async () => {
  const change = (id: number, json: unknown) =>
    request(`/inboxes/${id}`, { method: "PATCH", body: JSON.stringify(json) });
  const attributes = { additional_attributes: { key: "t", agent_reply_time_window: 4 } };
  const { id, ...api } = (await post({ name: "API", channel: { type: "api", ...attributes } })).body;
  const changed = await change(id, { channel: { additional_attributes: { other: "o" } } });
  expect(changed).toEqual({ status: 200, body: { id, ...api, additional_attributes: { other: "o" } } });
  inbox.parse(changed.body);
  const late = { channel: { additional_attributes: { agent_reply_time_window: -1 } } };
  expect(await change(id, late)).toMatchObject({ status: 422 });
  expect((await request(`/inboxes/${id}`)).body.additional_attributes).toEqual({ other: "o" });

  const website = { type: "web_widget", website_url: "https://example.test" };
  const widget = (await post({ name: "Website", channel: website })).body;
  expect(await change(widget.id, { channel: attributes })).toEqual({ status: 200, body: widget });
  expect(await post({ name: "Website", channel: { type: "web_widget" } })).toMatchObject({ status: 422 });
  expect(await change(999, {})).toMatchObject({ status: 404 });
});

// The examples of Chatwoot's own test, spec/models/inbox_spec.rb.
it.each(["this is my inbox name-", "-this is my inbox name", "inbox@name", "Los Andes (76086428-5)"])(
  "refuses the name %j, except in version 4.3",
  async (name) => {
    const message =
      "Name should not start or end with symbols, and it should not have < > / \\ @ characters.";
    const channel = { type: "api" };
    expect(await post({ name, channel })).toEqual({ status: 422, body: { message, attributes: ["name"] } });
    sandbox.conditions.any_name = true;
    const { id } = (await post({ name, channel })).body;
    sandbox.conditions.any_name = false;
    // A stored name is validated when another attribute changes.
    const change = { method: "PATCH", body: JSON.stringify({ channel: { webhook_url: null } }) };
    expect(await request(`/inboxes/${id}`, change)).toMatchObject({ status: 422 });
  },
);

it.each(["inbox-name", "inbox_name.and_1", "Ñuñoa á"])("accepts the name %j", async (name) => {
  expect(await post({ name, channel: { type: "api" } })).toMatchObject({ status: 200, body: { name } });
});

it("lists by name, ignoring case", async () => {
  for (const name of ["beta", "Alpha", "api 2"]) await post({ name, channel: { type: "api" } });
  const { payload } = (await request("/inboxes")).body;
  const names = payload.map((one: { name: string }) => one.name.toLowerCase());
  expect(names).toEqual(names.toSorted());
});

it("refuses with the messages of Chatwoot", async () => {
  expect(await request("/inboxes", {}, "wrong")).toEqual({
    status: 401,
    body: { error: "Invalid Access Token" },
  });
  expect(await request("/inboxes/999")).toEqual({
    status: 404,
    body: { error: "Resource could not be found" },
  });
  expect(await post({ name: "No channel" })).toMatchObject({
    status: 422,
    body: { error: expect.any(String) },
  });
  expect(await post({ name: " ", channel: { type: "api" } })).toEqual({
    status: 422,
    body: { message: "Name can't be blank", attributes: ["name"] },
  });
  sandbox.faults.add({ fault: "rate_limited" });
  expect(await request("/inboxes")).toEqual({ status: 429, body: "Retry later\n" });
});
