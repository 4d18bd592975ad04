// Used by the doctor, which compares a database with the files.
export { connect } from "./connect.ts";
export { migrate } from "./migrate.ts";
export { readSource } from "./source.ts";
