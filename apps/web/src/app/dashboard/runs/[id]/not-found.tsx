import { MissingRun } from "../../../../features/runs/missing-run.tsx";

export default MissingRun;
