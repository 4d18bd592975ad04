import { describeIntents } from "./intents.contract.ts";
import { memoryIntents } from "./testing.ts";

describeIntents("in memory", () => {
  let now = 0;
  let isHeld = true;
  return {
    intents: memoryIntents({ now: () => now, holdsTask: () => isHeld }),
    pass: (milliseconds) => {
      now += milliseconds;
    },
    loseTask: () => {
      isHeld = false;
    },
  };
});
