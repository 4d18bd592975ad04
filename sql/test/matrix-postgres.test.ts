import { postgresTransport } from "./matrix/postgres-transport.ts";
import { walkMatrix } from "./matrix/walk-matrix.ts";

walkMatrix(postgresTransport);
