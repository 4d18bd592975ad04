import type { Notification, NotificationText } from "../notification.ts";

/** A text in each language of the console. */
type Texts = { "es-CL": string; en: string };

/** A field of a channel's form. The value of a `password` field is a secret and is never shown again. */
type ChannelField = { name: string; type: "password" | "email"; label: Texts };

/** A way to notify people: its settings are a zod schema, beside what the console needs to ask for them. */
export type Channel<Settings> = {
  title: Texts;
  hint: Texts;
  fields: readonly ChannelField[];
  /** Returns the part of the settings that may be shown: a host or a mail address. */
  shownAddress: (settings: Settings) => string;
  /** Returns the URL that messages are sent to and the field that holds it. */
  endpoint: (settings: Settings) => { field: string; url: string };
};

/** One message on its way to a target. Its id is the same at each attempt. */
type Message = {
  id: string;
  notification: Notification;
  text: NotificationText;
  now: Date;
  allowsInternal: boolean;
  signal: AbortSignal;
};

/** Sends a message. Resolves to the HTTP status of the response, undefined where the channel has none. */
export type Send<Settings> = (settings: Settings, message: Message) => Promise<number | undefined>;
