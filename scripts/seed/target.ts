import type { Sql } from "postgres";

/** A response with its body as text, and parsed when it is JSON. */
export type ToolResponse = { status: number; headers: Headers; text: string; body: Body };
/** The parts of the JSON responses that the checks read. */
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

/** A user with a session token. */
export type User = {
  token: string;
  call(name: string, args?: unknown): Promise<ToolResponse>;
  get(path: string): Promise<ToolResponse>;
};

/** The parts that only a local project has. */
export type Embedded = {
  /** Returns the programs' log up to now. */
  log(): string;
  /** The project's settings for a program that a check starts. */
  settings: {
    supabaseUrl: string;
    publishableKey: string;
    secretKey: string;
    backendUrl: string;
    /** A temporary folder, removed at the end. */
    folder: string;
  };
  /** Signs a local user in. */
  tokenOf(name: string): Promise<string>;
  secondUser: User;
  /** A user whose rate limit a check may use up. */
  limitedUser: User;
};

/** The system under test. */
export type Target = {
  url: string;
  user: User;
  /** Another user with calls left in this minute; the same user when there is only one. */
  spareUser: User;
  /** Allows checks to create and delete. */
  mayWrite: boolean;
  sql?: Sql | undefined;
  /** The project's REST API with its service role key. */
  rest?: { url: string; serviceKey: string } | undefined;
  embedded?: Embedded | undefined;
  /** Creates a value once for all checks of this run. */
  once<Value>(name: string, make: () => Promise<Value>): Promise<Value>;
  /** Registers work that runs after the checks. */
  afterwards(work: () => Promise<unknown>): void;
  stop(): Promise<void>;
};

/**
 * Creates the part of a target that stores shared values. `undo` runs all registered work even when a part of it fails.
 */
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
        await work().catch((problem: unknown) => problems.push(problem));
      }
      if (problems.length > 0)
        throw new AggregateError(problems, `Not cleaned up: ${problems.map(String).join("; ")}`);
    },
  };
}

/** Sends requests with a token. Waits and retries when the rate limit is reached. */
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

/** Sends one request without following redirects. */
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
