/** A tool and its arguments as the fragment of an address, which no browser sends to a server. */
export function fragmentOf(tool: string, argumentsText?: string): string {
  const fields = new URLSearchParams({
    tool,
    ...(argumentsText === undefined ? {} : { args: argumentsText }),
  });
  return `#${fields}`;
}

/** Parses the tool and arguments of an address; `argumentsText` may be invalid JSON. */
export function readFragment(hash: string): { tool?: string; argumentsText?: string } {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const tool = fields.get("tool");
  const argumentsText = fields.get("args");
  return { ...(tool ? { tool } : {}), ...(argumentsText ? { argumentsText } : {}) };
}

let arrival: string | undefined;

/**
 * Takes the fragment from the address of a document that has come for the console, and from one that changes before the
 * console is there to see it; `takeArrival` gives it once.
 */
export function keepArrival() {
  keep();
  addEventListener("hashchange", keep);
}

function keep() {
  if (location.pathname !== "/dashboard/mcp" || location.hash === "") return;
  arrival = location.hash;
  history.replaceState(history.state, "", location.pathname + location.search);
}

/** The fragment that the console was come to with. */
export function takeArrival(): string {
  removeEventListener("hashchange", keep);
  const hash = arrival ?? location.hash;
  arrival = undefined;
  return hash;
}
