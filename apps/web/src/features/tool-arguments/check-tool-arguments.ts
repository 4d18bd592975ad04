import { checkArguments } from "@smarteros/ui/json-form/check-arguments.ts";
import type { Schema } from "@smarteros/ui/json-form/schema.ts";
import { textChecks } from "./rut-check.ts";

/** Checks the arguments of a tool by its schema and by the rules for RUTs. */
export const checkToolArguments = (schema: Schema, args: unknown) => checkArguments(schema, args, textChecks);
