import { describe } from "vitest";
import { killAtEachPlace } from "./crash.fixture.ts";

describe("a run whose worker is killed ends on the same worker after its restart", () =>
  killAtEachPlace("the same worker, started again"));
