import * as z from "zod";
import type { Channel, Send } from "./channel.ts";
import { email, emailSettings } from "./email/channel.ts";
import { slack, slackSettings } from "./slack/channel.ts";
import { webhook, webhookSettings } from "./webhook/channel.ts";

// A new channel is a folder, and a line in each of the three lists.

/** The settings of a target. All of them are secret: where it is and what opens it. */
export const targetSettings = z.discriminatedUnion("kind", [slackSettings, webhookSettings, emailSettings]);

export type TargetSettings = z.infer<typeof targetSettings>;
export type ChannelName = TargetSettings["kind"];
type SettingsOf<Name extends ChannelName> = Extract<TargetSettings, { kind: Name }>;

/** The channels that a target may use, by the `kind` of its settings, in the order of the console. */
export const channels: { [Name in ChannelName]: Channel<SettingsOf<Name>> } = { slack, webhook, email };

/** Loads how a channel sends, when the first message goes there. */
export const senders: { [Name in ChannelName]: () => Promise<{ send: Send<SettingsOf<Name>> }> } = {
  slack: () => import("./slack/send.ts"),
  webhook: () => import("./webhook/send.ts"),
  email: () => import("./email/send.ts"),
};
