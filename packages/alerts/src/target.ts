import type { Channel } from "./channels/channel.ts";
import { type ChannelName, channels, type TargetSettings } from "./channels/channels.ts";
import { addressesOf, RefusedHost } from "./ssrf-guard.ts";

export { type ChannelName, channels, type TargetSettings, targetSettings } from "./channels/channels.ts";

/** A field of a target that is refused, and how to fix it. */
export type TargetProblem = { field: string; message: string };

/** Returns the part of a target's settings that may be shown. */
export function shownAddress(settings: TargetSettings): string {
  return channelOf(settings).shownAddress(settings);
}

/**
 * Resolves to the problem of a target's endpoint: a host that is not public, or plain HTTP. Resolves the host name; the
 * request to it does so again. Undefined where there is no problem.
 */
export async function targetProblem(
  settings: TargetSettings,
  { allowsInternal }: { allowsInternal: boolean },
): Promise<TargetProblem | undefined> {
  const { field, url: text } = channelOf(settings).endpoint(settings);
  const url = new URL(text);
  if (url.protocol === "http:" && !allowsInternal) return { field, message: "must be an https URL" };
  try {
    await addressesOf(url.hostname, { allowsInternal });
    return undefined;
  } catch (error) {
    if (error instanceof RefusedHost) return { field, message: error.message };
    throw error;
  }
}

/** Returns the channel called `name`; undefined for a name of no channel. */
export function findChannel(name: string): Channel<never> | undefined {
  return Object.hasOwn(channels, name) ? channels[name as ChannelName] : undefined;
}

// The kind of the settings is the channel's own, which TypeScript cannot follow through a record of them.
function channelOf({ kind }: TargetSettings): Channel<TargetSettings> {
  return channels[kind] as Channel<TargetSettings>;
}
