import { expect, test } from "vitest";
import { isOpen, oneOf, runStates, serviceStates, stepStates } from "./provisioning-states.ts";

const openOf = <State extends Parameters<typeof isOpen>[0]["state"]>(states: readonly State[]) =>
  states.filter((state) => isOpen({ state }));

test("what is queued, running or waiting is open, and nothing else", () => {
  expect(openOf(runStates)).toEqual(["queued", "running"]);
  expect(openOf(stepStates)).toEqual(["queued", "running", "waiting"]);
  expect(openOf(serviceStates)).toEqual(["queued", "running", "waiting"]);
});

test("a text is narrowed to the value of a list, and refused where it is none", () => {
  expect(oneOf(runStates, "partial")).toBe("partial");
  expect(() => oneOf(runStates, "waiting")).toThrow('"waiting" is none of queued, running');
  expect(() => oneOf(runStates, null)).toThrow("none of");
});
