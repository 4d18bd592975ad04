import { describe } from "vitest";
import { killAtEachPlace } from "./crash.fixture.ts";

describe("killed, a run ends on the same worker, started again", () =>
  killAtEachPlace("the same worker, started again"));
