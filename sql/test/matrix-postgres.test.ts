import { postgresDoor } from "./matrix/postgres-door.ts";
import { walkMatrix } from "./matrix/walk-matrix.ts";

walkMatrix(postgresDoor);
