import { type Vendor, vendors } from "@smarteros/connectors/vendors";
import * as z from "zod/mini";

/** One service to adopt, as `services.adopt` takes it. */
export type Adoption = { tenantId: string; service: Vendor; externalId: string };

export type LineProblem = "shape" | "tenant" | "service" | "id" | "twice";

/** The number of adoptions per call. */
const batchSize = 25;
const maxIdLength = 255;

const uuid = z.uuid();
const vendor = z.enum(vendors);

/** Writes adoptions as the lines that `parseLines` reads. */
export function linesOf(adoptions: Adoption[]): string {
  return adoptions
    .map(({ tenantId, service, externalId }) => `${tenantId},${service},${externalId}`)
    .join("\n");
}

/** Reads lines `tenantId,service,externalId`, blank ones aside; `line` of a problem counts from 1. */
export function parseLines(text: string) {
  const adoptions: Adoption[] = [];
  const problems: { line: number; problem: LineProblem }[] = [];
  const seen = new Set<string>();
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    if (!written.trim()) continue;
    const read = parseLine(written);
    const key = typeof read === "string" ? undefined : keyOf(read);
    const problem = typeof read === "string" ? read : seen.has(key ?? "") ? "twice" : undefined;
    if (problem) problems.push({ line: index + 1, problem });
    else if (typeof read !== "string") adoptions.push(read);
    if (key) seen.add(key);
  }
  return { adoptions, problems };
}

/** Names the service of a tenant that an adoption is about. */
export const keyOf = ({ tenantId, service }: Omit<Adoption, "externalId">) => `${tenantId},${service}`;

/** Splits adoptions into the batches of which each is one call. */
export function batchesOf(adoptions: Adoption[]): Adoption[][] {
  const count = Math.ceil(adoptions.length / batchSize);
  return Array.from({ length: count }, (_, index) =>
    adoptions.slice(index * batchSize, (index + 1) * batchSize),
  );
}

function parseLine(written: string): Adoption | LineProblem {
  const [tenant = "", service = "", externalId, ...more] = written.split(/[,;\t]/).map((part) => part.trim());
  if (externalId === undefined || more.length > 0) return "shape";
  const known = vendor.safeParse(service.toLowerCase());
  if (!uuid.safeParse(tenant).success) return "tenant";
  if (!known.success) return "service";
  if (externalId === "" || externalId.length > maxIdLength) return "id";
  return { tenantId: tenant.toLowerCase(), service: known.data, externalId };
}
