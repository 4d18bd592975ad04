import { describe } from "vitest";
import { killAtEachPlace } from "./crash.fixture.ts";

describe("killed, a run ends on another worker", () => killAtEachPlace("another worker"));
