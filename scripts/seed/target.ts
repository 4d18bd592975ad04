import type { Sql } from "postgres";

/** A response, its body read once: as text, and parsed where it is JSON. */
export type ToolResponse = { status: number; headers: Headers; text: string; body: Body };
/** What the checks look at of the JSON that the interface responds with. */
export type Body = {
  ok?: boolean;
  error?: string;
  message?: string;
  result?: Record<string, unknown>;
  issues?: { path: string; message: string }[];
  meta?: { durationMs: number; requestId: string };
  availableTools?: { name: string; inputSchema: Record<string, unknown> }[];
  items?: Record<string, unknown>[];
  [name: string]: unknown;
};

/** Someone with a session token. */
export type User = {
  token: string;
  call(name: string, args?: unknown): Promise<ToolResponse>;
  get(path: string): Promise<ToolResponse>;
};

/** What only a project on this machine offers. */
export type Embedded = {
  /** All that the programs have logged so far. */
  log(): string;
  /** Settings of the project, for a program that a check starts. */
  settings: {
    supabaseUrl: string;
    publishableKey: string;
    secretKey: string;
    backendUrl: string;
    /** A folder that is removed in the end. */
    folder: string;
  };
  /** Signs a local user in. */
  tokenOf(name: string): Promise<string>;
  secondUser: User;
  /** A user whose calls of this minute may be spent. */
  limitedUser: User;
};

/** What is checked. */
export type Target = {
  url: string;
  user: User;
  /** The same, or where there are several, another one who has calls of this minute left. */
  spareUser: User;
  /** Whether checks may create and delete. */
  mayWrite: boolean;
  sql?: Sql | undefined;
  /** The REST API of the project with its service role key. */
  rest?: { url: string; serviceKey: string } | undefined;
  embedded?: Embedded | undefined;
  /** Makes a thing once for all checks of this run. */
  once<Value>(name: string, make: () => Promise<Value>): Promise<Value>;
  /** Sees to it that something is undone when the checks have run. */
  afterwards(work: () => Promise<unknown>): void;
  stop(): Promise<void>;
};

/** Makes the part of a target that stores what checks share, and undoes all that it can even where a part of it fails. */
export function sharing(): Pick<Target, "once" | "afterwards"> & { undo(): Promise<void> } {
  const made = new Map<string, Promise<unknown>>();
  const undoing: (() => Promise<unknown>)[] = [];
  return {
    once<Value>(name: string, make: () => Promise<Value>) {
      const value = (made.get(name) as Promise<Value> | undefined) ?? make();
      made.set(name, value);
      return value;
    },
    afterwards: (work) => void undoing.push(work),
    async undo() {
      const problems: unknown[] = [];
      for (const work of undoing.splice(0).reverse()) {
        // biome-ignore lint/performance/noAwaitInLoops: in the reverse order of how things were made.
        await work().catch((problem: unknown) => problems.push(problem));
      }
      if (problems.length > 0)
        throw new AggregateError(problems, `Not cleaned up: ${problems.map(String).join("; ")}`);
    },
  };
}

/** Acts as the bearer of a token. Waits where the limit of calls is reached, and calls again. */
export function userOf(url: string, token: string, { waits = true }: { waits?: boolean } = {}): User {
  const headers = { Authorization: `Bearer ${token}` };
  return {
    token,
    get: (path) => send(`${url}${path}`, { headers }),
    async call(name, args) {
      const request = {
        method: "POST",
        headers: { ...headers, "Content-Type": "application/json" },
        body: JSON.stringify({ name, args }),
      };
      const response = await send(`${url}/api/mcp/tool`, request);
      if (response.status !== 429 || !waits) return response;
      await new Promise((resolve) => setTimeout(resolve, Number(response.body.retryAfterMs ?? 60_000)));
      return send(`${url}/api/mcp/tool`, request);
    },
  };
}

/** Sends one request and follows no redirect. */
export async function send(url: string, init: RequestInit = {}): Promise<ToolResponse> {
  const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(60_000), ...init });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text !== "" ? JSON.parse(text) : {},
  };
}
