import { idForms } from "@smarteros/connectors/vendors";
import { type Call, defineTool, SmarterosError } from "@smarteros/core";
import * as z from "zod";
import { camelCased } from "../../camel-cased.ts";
import type { ProvisioningPorts } from "../../ports.ts";
import { adoption, externalId, service } from "../../provisioning.ts";
import { tenantId } from "../../tool-input.ts";

// A prefix names its vendor; a number does not.
const forms = idForms().map(({ form, vendors }) => (form === "a number" ? `${form} for ${vendors}` : form));
const id = externalId.describe(`Id at the vendor: ${forms.join(", ")}.`);
const one = z.strictObject({ tenantId, service, externalId: id });
// Without a second description of the same in every list of tools.
const listed = z.strictObject({ tenantId: tenantId.meta({ description: undefined }), service, externalId });
type One = z.output<typeof one>;

/** Maximum adoptions of one call, four of them concurrently: each is a request to a vendor. */
const maxAdoptions = 25;
const sideBySide = 4;
/** A call has 30 s, and one request to a vendor at most 10 s. */
const beginWithinMs = 15_000;

export const adoptServices = defineTool<ProvisioningPorts>()({
  name: "services.adopt",
  description:
    "Record what a tenant already has at a vendor, after a look there. Use after an upgrade, for services that are held.",
  requires: "admin",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z
    .strictObject({
      ...one.partial().shape,
      adoptions: z
        .array(listed)
        .min(1)
        .max(maxAdoptions)
        .optional()
        .describe("Several at once, in place of the three."),
    })
    .describe("Either tenantId, service and externalId, or adoptions."),
  output: z.object({
    adopted: z.array(adoption.transform((value) => camelCased(value))),
    /** The adoptions that were refused. */
    refused: z.array(z.object({ ...one.shape, code: z.string(), message: z.string() })),
  }),
  tenantId: ({ input }) => input.tenantId,

  async handler({ input: { adoptions, ...given }, call, ports }) {
    if (adoptions === undefined)
      return { adopted: [await ports.provisioning.adopt(wholeOf(given), call)], refused: [] };
    if (Object.values(given).some((value) => value !== undefined))
      throw invalid("adoptions", "Give either adoptions, or tenantId, service and externalId.");
    return adoptSeveral(adoptions, call, ports);
  },
});

/** Adopts in the order given. Begins no further ones when the call's time is short, and refuses those by name. */
async function adoptSeveral(adoptions: One[], call: Call, ports: ProvisioningPorts) {
  const noneAfter = performance.now() + beginWithinMs;
  const outcomes: Outcome[] = [];
  for (let from = 0; from < adoptions.length; from += sideBySide) {
    const batch = adoptions.slice(from, from + sideBySide);
    const isLate = performance.now() > noneAfter;
    const ended = await Promise.all(
      batch.map((one) => (isLate ? notBegun(one) : outcomeOf(one, call, ports))),
    );
    outcomes.push(...ended);
  }
  return {
    adopted: outcomes.flatMap((outcome) => ("refused" in outcome ? [] : [outcome.adopted])),
    refused: outcomes.flatMap((outcome) => ("refused" in outcome ? [outcome.refused] : [])),
  };
}

type Refusal = One & { code: string; message: string };
type Outcome = { adopted: z.output<typeof adoption> } | { refused: Refusal };

async function outcomeOf(one: One, call: Call, ports: ProvisioningPorts): Promise<Outcome> {
  try {
    return { adopted: await ports.provisioning.adopt(one, call) };
  } catch (thrown) {
    if (call.signal.aborted || !SmarterosError.isInstance(thrown)) throw thrown;
    return { refused: { ...one, code: thrown.code, message: thrown.message } };
  }
}

function notBegun(one: One): Outcome {
  const message = "Not tried, because the vendors took long for those before it. Send it again.";
  return { refused: { ...one, code: "deadline_exceeded", message } };
}

function wholeOf(given: Partial<One>): One {
  const { tenantId, service, externalId } = given;
  if (tenantId && service && externalId) return { tenantId, service, externalId };
  const missing = (["tenantId", "service", "externalId"] as const).filter((name) => !given[name]);
  throw invalid(missing[0] ?? "", `Required: ${missing.join(", ")}; or adoptions.`);
}

function invalid(path: string, message: string) {
  return new SmarterosError("invalid_input", `${path}: ${message}`, { issues: [{ path, message }] });
}
