import path from "node:path";
import { compare, interleaved } from "./measure.ts";
import { args } from "./no-op.ts";
import { type Size, sized } from "./size.ts";
import { startPeer } from "./stdio-peer.ts";

const bundle = (name: string) => path.join(import.meta.dirname, `../dist/${name}.js`);
const product = path.join(import.meta.dirname, "../../mcp-stdio/dist/bin.js");
const settings = {
  MCP_ENABLED: "true",
  NEXT_PUBLIC_SUPABASE_URL: "http://127.0.0.1:9",
  NEXT_PUBLIC_SUPABASE_ANON_KEY: "sb_publishable_bench",
  SMARTEROS_IDENTITY: "local",
};

/** Compares the throughput of our stdio server with the SDK's and fastmcp's, each with the same no-op tool. */
export async function stdio(size: Size) {
  const [ours, mcpServer, fastMcp] = await Promise.all(
    ["ours", "mcp-server", "fast-mcp"].map((name) => startPeer(bundle(name))),
  );
  if (!ours || !mcpServer || !fastMcp) throw new Error("a server did not start");
  try {
    const single = (server: typeof ours) => () =>
      server.oneAtATime(sized(size, 1_000, 20), "bench_noop", args);
    const piped = (server: typeof ours) => () => server.piped(sized(size, 2_000, 20), "bench_noop", args);
    const atLeast = (bound: number) => ({ better: "higher", atLeast: bound, of: "ratio" }) as const;
    return [
      compare(
        "stdio: one at a time",
        "calls/s",
        await interleaved(sized(size, 11, 1), single(ours), single(mcpServer)),
        "McpServer",
        atLeast(1),
      ),
      compare(
        "stdio: piped",
        "calls/s",
        await interleaved(sized(size, 11, 1), piped(ours), piped(mcpServer)),
        "McpServer",
        atLeast(1.25),
      ),
      compare(
        "stdio: one at a time",
        "calls/s",
        await interleaved(sized(size, 5, 1), single(ours), single(fastMcp)),
        "fastmcp",
        atLeast(1),
      ),
      compare(
        "stdio: piped",
        "calls/s",
        await interleaved(sized(size, 5, 1), piped(ours), piped(fastMcp)),
        "fastmcp",
        atLeast(1.25),
      ),
    ];
  } finally {
    await Promise.all([ours.stop(), mcpServer.stop(), fastMcp.stop()]);
  }
}

/** Measures from spawn to the response of `initialize`: the product's bundle and bundles of its peers. */
export async function start(size: Size) {
  const launch = (program: string, environment: Record<string, string>) => async () => {
    const peer = await startPeer(program, environment);
    await peer.stop();
    return peer.startMs;
  };
  const ours = launch(product, settings);
  const goal = { better: "lower", atMost: 1.1, of: "ratio" } as const;
  return [
    compare(
      "stdio: start to initialize",
      "ms",
      await interleaved(sized(size, 15, 1), ours, launch(bundle("low-level"), {})),
      "bare low-level Server",
      goal,
    ),
    compare(
      "stdio: start to initialize",
      "ms",
      await interleaved(sized(size, 7, 1), ours, launch(bundle("fast-mcp"), {})),
      "fastmcp",
      goal,
    ),
  ];
}
