import * as z from "zod";
import { changedRuns, run, runFilter } from "./provisioning.ts";
import { runId } from "./tool-input.ts";

/** The input of a tool that changes one run, by its id, or many, by a filter. */
export const runChoice = z
  .strictObject({
    runId: runId.optional(),
    filter: runFilter
      .optional()
      .describe("Instead of runId: the runs of a vendor, with an error, or changed since a time."),
    dryRun: z.boolean().default(false).describe("Count the runs, change nothing."),
  })
  .refine(({ runId, filter }) => (runId === undefined) !== (filter === undefined), {
    path: ["runId"],
    error: "Give either a run's id or a filter.",
  })
  .refine(({ filter, dryRun }) => filter !== undefined || !dryRun, {
    path: ["dryRun"],
    error: "Only with a filter.",
  });

/** The run, or how many runs changed and how many that match are left. */
export const changedRun = z.object({ ...run.partial().shape, ...changedRuns.partial().shape });
