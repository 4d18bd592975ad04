import { expect, test } from "vitest";
import { reviewProblem } from "./review-problem.ts";

const row = { rut: "12345678-5", business_name: "Los Andes SpA" };

test.each([
  ["rut", { rut: "" }, { word: "rut.too_short" }],
  ["rut", { rut: "12345678-0" }, { word: "rut.check_digit" }],
  ["rut", {}, { word: "rut.twin" }],
  ["businessName", { business_name: "x" }, { word: "name.length" }],
  ["businessName", { business_name: "a\u202eb" }, { word: "name.unprintable" }],
  ["owner", {}, { word: "owner" }],
  ["services", {}, { word: "services" }],
  ["n8n_project_id", {}, { word: "externalId", vendor: "n8n" }],
  ["", {}, { word: "said", message: "Breaks the rule x." }],
])("a problem at %j of %j is said by %j", (path, given, words) => {
  expect(reviewProblem({ path, message: "Breaks the rule x." }, { ...row, ...given })).toEqual(words);
});
