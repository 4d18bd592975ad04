import { type Child, type Program, startChild } from "./child.ts";
import type { Stack } from "./stack.ts";

/**
 * Runs the programs on the embedded project until `shutdown` resolves or a part exits. Then stops all of them, the
 * last one started first and the project last. Resolves to the reason of a failure.
 */
export async function supervise(options: {
  stack: Stack;
  programs: Program[];
  /** Programs that observe the others; they start once the others are ready. */
  observers?: Program[];
  shutdown: Promise<void>;
  log: (line: string) => void;
  onReady: () => void;
}): Promise<string | undefined> {
  const { stack, programs, log } = options;
  const children: Child[] = [];
  try {
    const firstToEnd = () =>
      Promise.race([
        options.shutdown.then(() => undefined),
        stack.failed,
        ...children.map((child) => child.exited),
      ]);
    for (const program of programs) children.push(startChild(program, log));
    const ready = Promise.all(children.map((child) => child.healthy)).then(() => "ready" as const);
    const first = await Promise.race([firstToEnd(), ready]);
    if (first !== "ready") return first;
    for (const program of options.observers ?? []) children.push(startChild(program, log));
    options.onReady();
    return await firstToEnd();
  } finally {
    for (const child of children.reverse()) await child.stop();
    await stack.stop();
  }
}
