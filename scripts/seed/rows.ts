import type { Row } from "./row.ts";
import { consoleRows, consoleUsageRow } from "./rows/console.ts";
import { contributingRows } from "./rows/contributing.ts";
import { dataModelRows } from "./rows/data-model.ts";
import { observabilityRows } from "./rows/observability.ts";
import { roadmapRows } from "./rows/roadmap.ts";
import { limitRows, routeRows, switchRow } from "./rows/routes.ts";
import { securityRows } from "./rows/security.ts";
import { serverRows } from "./rows/server.ts";
import { flagRows, vercelRows } from "./rows/settings.ts";
import { curlRows, setupRows } from "./rows/setup.ts";
import { toolRows } from "./rows/tools.ts";

/** All checks in the order of docs/seed.md. */
export const rows: readonly Row[] = [
  ...serverRows,
  ...toolRows,
  ...routeRows,
  ...consoleRows,
  ...observabilityRows,
  ...dataModelRows,
  ...securityRows,
  ...limitRows,
  switchRow,
  ...flagRows,
  ...vercelRows,
  ...setupRows,
  consoleUsageRow,
  ...curlRows,
  ...roadmapRows,
  ...contributingRows,
];
