import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Sends the beginning of an HTTP request and then a little every half second, until the server ends the connection.
 * Resolves to what it answered.
 */
export async function trickle(url: string, head: string, drop: string): Promise<string> {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  await once(socket, "connect");
  let answer = "";
  // As it comes: a connection that is reset in the end has often said why before.
  socket.setEncoding("utf8").on("data", (text: string) => {
    answer += text;
  });
  socket.write(head);
  while (!(socket.destroyed || socket.readableEnded)) {
    socket.write(drop);
    // biome-ignore lint/performance/noAwaitInLoops: slowness is the point.
    await sleep(500);
  }
  return answer;
}
