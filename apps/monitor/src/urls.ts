import { vendors } from "@smarteros/connectors";
import { urlProblem } from "@smarteros/core/settings";
import * as z from "zod";

/** An address of `MONITOR_URLS` and the service name of its results. */
export type NamedUrl = { name: string; url: string };

const most = 500;
const ours = new Set<string>(["web", "supabase", "backend", ...vendors]);

/** Parses `name=url` pairs separated by white space. A problem identifies its pair by position, never by value. */
export const namedUrls = z.string().transform((text, context): NamedUrl[] => {
  const pairs = text.trim().split(/\s+/);
  const complain = (message: string) => void context.addIssue({ code: "custom", message });
  if (pairs.length > most) complain(`must name ${most} addresses or fewer`);
  const seen = new Set<string>();
  return pairs.map((pair, index) => {
    const [, name = "", url = ""] = /^([a-z0-9][a-z0-9._-]{0,59})=(.*)$/.exec(pair) ?? [];
    const place = `pair ${index + 1}`;
    if (!name) complain(`${place} must be name=url, the name of a-z, 0-9, dot, dash and underscore`);
    else if (ours.has(name.split(".")[0] ?? "")) complain(`${place} has a name that the monitor uses itself`);
    else if (seen.has(name)) complain(`${place} has the name of another`);
    else {
      const problem = urlProblem(url, { query: true, plainHttp: true });
      if (problem) complain(`${place}: ${problem}`);
    }
    seen.add(name);
    return { name, url };
  });
});
