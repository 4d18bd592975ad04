import { describe } from "vitest";
import { killAtEachPlace } from "./crash.fixture.ts";

describe("a run whose worker is killed ends on another worker", () => killAtEachPlace("another worker"));
