import type * as z from "zod";
import type { Capability } from "./capability.ts";
import type { Principal } from "./principal.ts";

/** The effects of a tool, in the terms of the MCP specification. Every hint is required, none is implied. */
export type Annotations = {
  readOnlyHint: boolean;
  destructiveHint: boolean;
  idempotentHint: boolean;
  openWorldHint: boolean;
};

/** The call that a handler serves. `signal` aborts at the deadline and when the caller goes away. */
export type Call = {
  readonly principal: Principal;
  readonly requestId: string;
  readonly invocationId: string;
  readonly signal: AbortSignal;
};

/** A tool: its name, its rules and its work. `Ports` are the outside worlds that the handler reaches. */
export type Tool<Ports, Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> = {
  name: string;
  description: string;
  requires: Capability;
  annotations: Annotations;
  input: Input;
  output: Output;
  /** The tenant that the call is about, for its record; `output` is missing where the call failed. */
  tenantId?(about: { input: z.output<Input>; output?: z.output<Output> | undefined }): string | undefined;
  handler(work: { input: z.output<Input>; call: Call; ports: Ports }): Promise<z.input<Output>>;
};

/** Returns the tool as given; it exists so that a handler's types are inferred from the schemas. */
export function defineTool<Ports>() {
  return <Input extends z.ZodType, Output extends z.ZodType>(tool: Tool<Ports, Input, Output>) => tool;
}
