import type { Path } from "./path.ts";

/** A problem at a place of the arguments, as text. Those of the server are in English. */
export type Complaint = { at: Path; text: string; from: "schema" | "server" };
