import { describe, expect, it } from "vitest";
import { type Intents, searchGapMs } from "./intents.ts";

type Place = {
  /** Intents of a new tenant at a vendor. */
  intents: Intents;
  /** Lets time pass on the clock of the intents. */
  pass(milliseconds: number): Promise<unknown> | unknown;
  /** Gives the task to another worker. */
  loseTask(): Promise<unknown> | unknown;
};

/** Contract of every implementation of `Intents`. */
export function describeIntents(name: string, create: () => Promise<Place> | Place) {
  describe(`intents: ${name}`, () => {
    it("are none at first, open after begin and none after settle", async () => {
      const { intents } = await create();
      expect(await intents.open()).toBeUndefined();
      await intents.begin();
      expect(await intents.open()).toMatchObject({ emptySearches: 0, doubtful: false });
      await intents.settle("created");
      expect(await intents.open()).toBeUndefined();
    });

    it("have the age of the last begin, which starts an open one again", async () => {
      const { intents, pass } = await create();
      await intents.begin();
      await pass(2 * searchGapMs);
      await intents.doubt();
      expect(await intents.countEmptySearch()).toMatchObject({ emptySearches: 1, doubtful: true });
      expect((await intents.open())?.ageMs).toBeGreaterThanOrEqual(2 * searchGapMs);
      await intents.begin();
      const open = await intents.open();
      expect(open).toMatchObject({ emptySearches: 0, doubtful: false });
      expect(open?.ageMs).toBeLessThan(searchGapMs);
      await intents.settle("found");
      expect(await intents.open()).toBeUndefined();
    });

    it("count two empty searches only with the gap between them", async () => {
      const { intents, pass } = await create();
      await intents.begin();
      expect((await intents.countEmptySearch()).emptySearches).toBe(1);
      expect((await intents.countEmptySearch()).emptySearches).toBe(1);
      await pass(searchGapMs);
      expect((await intents.countEmptySearch()).emptySearches).toBe(2);
      expect((await intents.open())?.emptySearches).toBe(2);
    });

    it("reject without an open one", async () => {
      const { intents } = await create();
      await expect(intents.settle("absent")).rejects.toThrow();
      await expect(intents.countEmptySearch()).rejects.toThrow();
      await expect(intents.doubt()).rejects.toThrow();
    });

    it("reject a worker that has lost its task and stay open", async () => {
      const { intents, loseTask } = await create();
      await intents.begin();
      await loseTask();
      await expect(intents.begin()).rejects.toThrow();
      await expect(intents.settle("refused")).rejects.toThrow();
      await expect(intents.countEmptySearch()).rejects.toThrow();
      await expect(intents.doubt()).rejects.toThrow();
      expect(await intents.open()).toMatchObject({ emptySearches: 0, doubtful: false });
    });
  });
}
