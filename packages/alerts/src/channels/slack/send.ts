import type { NotificationText } from "../../notification.ts";
import { postJson } from "../../pinned-request.ts";
import type { Send } from "../channel.ts";

/** Posts a message to an incoming webhook of Slack. */
export const send: Send<{ url: string }> = ({ url }, { text, allowsInternal, signal }) =>
  postJson(url, { body: slackBody(text), allowsInternal, signal });

/** Escapes the three characters that Slack's mrkdwn reads as markup. */
function slackBody({ title, text }: NotificationText): string {
  const escaped = `*${title}*\n${text}`.replace(
    /[&<>]/g,
    (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[character] ?? "",
  );
  return JSON.stringify({ text: escaped });
}
