import type { InputIssue } from "@smarteros/core";
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import { fullFormats } from "ajv-formats/dist/formats.js";
import type { JsonSchema } from "./allowed-paths.ts";

/** Names what of a value does not fit; nothing for one that fits. Paths begin with the name that the value has. */
export type SchemaCheck = (name: string, value: unknown) => InputIssue[];

const maxIssues = 20;
let shared: Ajv2020 | undefined;

// Strict: an unknown keyword or format, or one without effect where it is, would accept every value.
const validator = () => {
  shared ??= new Ajv2020({
    strict: true,
    allowUnionTypes: true,
    allErrors: true,
    ownProperties: true,
    addUsedSchema: false,
    logger: false,
    formats: {
      ...fullFormats,
      // Theirs takes a URN as well, and what was meant for a column of UUIDs would fail there.
      uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
    },
  });
  return shared;
};

/** Compiles a JSON Schema 2020-12. Throws an error that names the keyword which is unknown, misplaced or malformed. */
export function compileSchema(schema: JsonSchema): SchemaCheck {
  // The check of an asynchronous schema returns a promise, which would pass for true.
  if ("$async" in schema) throw new Error('the keyword "$async" is not supported');
  const validate = validator().compile<unknown>(schema);
  return (name, value) => {
    if (validate(value) === true) return [];
    return (validate.errors ?? []).slice(0, maxIssues).map((error) => issueOf(name, error));
  };
}

function issueOf(name: string, { instancePath, keyword, params, message }: ErrorObject): InputIssue {
  const parts = instancePath
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const key: unknown = params.missingProperty ?? params.additionalProperty ?? params.unevaluatedProperty;
  const path = [name, ...parts, ...(typeof key === "string" ? [key.slice(0, 64)] : [])].join(".");
  return { path, message: messageOf(keyword, params, message ?? "does not fit") };
}

function messageOf(keyword: string, params: ErrorObject["params"], message: string): string {
  switch (keyword) {
    case "required":
      return "Is required.";
    case "additionalProperties":
    case "unevaluatedProperties":
      return "Unknown key. Leave it out or correct its name.";
    case "const":
      return `Must be ${JSON.stringify(params.allowedValue)}.`;
    case "enum":
      return `Must be one of ${params.allowedValues.map((one: unknown) => JSON.stringify(one)).join(", ")}.`;
    default:
      return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  }
}
