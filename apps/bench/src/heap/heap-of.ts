/**
 * Returns a Node process's heap in megabytes after a garbage collection, read through its inspector on this loopback
 * port.
 */
export async function heapOf(inspectorPort: number): Promise<number> {
  const list = await fetch(`http://127.0.0.1:${inspectorPort}/json/list`);
  const [target] = (await list.json()) as { webSocketDebuggerUrl: string }[];
  if (!target) throw new Error("The inspector names no target.");
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve, { once: true });
    socket.addEventListener("error", () => reject(new Error("The inspector does not answer.")), {
      once: true,
    });
  });
  let id = 0;
  function ask(method: string): Promise<{ usedSize?: number }> {
    id += 1;
    const own = id;
    const { promise, resolve } = Promise.withResolvers<{ usedSize?: number }>();
    const listen = ({ data }: MessageEvent) => {
      const message = JSON.parse(String(data));
      if (message.id !== own) return;
      socket.removeEventListener("message", listen);
      resolve(message.result ?? {});
    };
    socket.addEventListener("message", listen);
    socket.send(JSON.stringify({ id: own, method }));
    return promise;
  }
  try {
    // Twice, because the second collection frees what the first one finalized.
    await ask("HeapProfiler.collectGarbage");
    await ask("HeapProfiler.collectGarbage");
    const { usedSize = Number.NaN } = await ask("Runtime.getHeapUsage");
    return usedSize / 1_048_576;
  } finally {
    socket.close();
  }
}
