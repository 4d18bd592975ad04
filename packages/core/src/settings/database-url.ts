import * as z from "zod";
import { isLinkLocal } from "./address.ts";
import { textProblem } from "./text.ts";
import { isLoopback } from "./url.ts";

const form = "postgres://user:password@host:5432/postgres";

/** Parses a connection string of Postgres, whose password may not cross a network unencrypted. */
export const databaseUrl = z.string().superRefine((text, context) => {
  const message = databaseUrlProblem(text);
  if (message) context.addIssue({ code: "custom", message, input: undefined });
});

/** Describes the problem of a connection string and its fix, without a part of it; undefined where it is valid. */
export function databaseUrlProblem(text: string): string | undefined {
  const pasted = textProblem(text);
  if (pasted) return pasted;
  if (/^https?:\/\//i.test(text))
    return `must be the database's own address, ${form}: this is the address of a website or an API`;
  const url = URL.parse(text);
  if (!url || !/^postgres(?:ql)?:$/.test(url.protocol)) return `must be a postgres:// URL, such as ${form}`;
  if (/YOUR-PASSWORD/i.test(url.password))
    return "it still has the placeholder of the dashboard for its password: put the password there";
  if (isLinkLocal(url.hostname))
    return "must not be a link-local or metadata address: name the database's host";
  const unencrypted =
    url.searchParams.get("sslmode") === "disable" || /^(?:false|0)$/.test(url.searchParams.get("ssl") ?? "");
  return unencrypted && url.hostname !== "" && !isLoopback(`http://${url.hostname}`)
    ? "must not switch TLS off on the way to another machine: write sslmode=require"
    : undefined;
}
