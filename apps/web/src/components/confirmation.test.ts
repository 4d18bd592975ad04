import { expect, it } from "vitest";
import { confirms } from "./confirmation.ts";

const tenant = { rut: "1000005-K", name: "Panadería  Ñuñoa" };

it.each([
  "1.000.005-K",
  "1000005k",
  " 1000005-K ",
  "Panadería Ñuñoa",
  "panadería ñuñoa ",
  "Panaderi\u0301a Ñuñoa",
])("takes %j for a confirmation", (typed) => expect(confirms(typed, tenant)).toBe(true));

it.each(["", " ", "1.000.005-1", "12.345.678-5", "Panadería", "Panaderia Nunoa", "1000005"])(
  "does not take %j for one",
  (typed) => expect(confirms(typed, tenant)).toBe(false),
);
