import { setTimeout as sleep } from "node:timers/promises";
import { type ProvisionerOptions, startProvisioner } from "./provisioner.ts";

/** Milliseconds without a due or a running task after which the worker stops. */
const idleMs = 2_000;

/**
 * Works on due tasks until there are none, or until `claimMs` have passed, for hosts that run code for a limited time. Ends
 * after `claimMs` plus `deadlineMs` plus a second at most: tasks that are still running then are aborted and given back.
 * Resolves to the number of tasks that it took.
 */
export async function workUntilIdle(
  options: ProvisionerOptions & { deadlineMs: number },
  claimMs: number,
): Promise<number> {
  const { tasks } = options;
  const started = performance.now();
  let claimed = 0;
  let ended = 0;
  let busyAt = started;
  const busy = <Given extends unknown[], Result>(call: (...given: Given) => Promise<Result>) => {
    return (...given: Given) => {
      ended++;
      busyAt = performance.now();
      return call(...given);
    };
  };
  const worker = await startProvisioner({
    ...options,
    tasks: {
      ...tasks,
      async claim(...given) {
        const found = await tasks.claim(...given);
        claimed += found.length;
        if (found.length > 0) busyAt = performance.now();
        return found;
      },
      complete: busy(tasks.complete),
      fail: busy(tasks.fail),
      postpone: busy(tasks.postpone),
    },
  });
  const isIdle = () => claimed <= ended && performance.now() - busyAt > idleMs;
  while (performance.now() - started < claimMs && !isIdle()) await sleep(100);
  await worker.stop(options.deadlineMs);
  return claimed;
}
