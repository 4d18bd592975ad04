import { readFileSync } from "node:fs";
import path from "node:path";
import { provisioningRows } from "../test/provisioning-rows.ts";

/** Runs and steps in the tests' database, written as a worker writes them. */
export function workerRows() {
  const secrets = path.join(process.env.SMARTEROS_DATA_DIR ?? "", "secrets.json");
  const { secretKey } = JSON.parse(readFileSync(secrets, "utf8"));
  return provisioningRows(`http://127.0.0.1:${process.env.SUPABASE_PORT}`, secretKey);
}
