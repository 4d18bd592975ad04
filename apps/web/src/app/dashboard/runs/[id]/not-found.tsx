import { MissingRun } from "../../../../features/provisioning/missing-run.tsx";

export default MissingRun;
