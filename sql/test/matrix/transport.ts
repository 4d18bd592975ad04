import type { Row } from "./fixture.ts";
import type { Principal } from "./principals.ts";

/** What came back: rows, or the SQLSTATE of the refusal. A function's single value is a row with `value`. */
export type Outcome = { rows: Row[] } | { sqlState: string };

/** A way to the database for one principal. Every call is a transaction of its own and commits. */
export type Session = {
  /** Rows whose id, or whose value in the given column, is one of these. */
  select(table: string, ids: unknown[], column?: string): Promise<Outcome>;
  insert(table: string, row: Row): Promise<Outcome>;
  update(table: string, id: unknown, change: Row, column?: string): Promise<Outcome>;
  remove(table: string, id: unknown, column?: string): Promise<Outcome>;
  /** Absent where the door has no such verb. */
  truncate?(table: string): Promise<Outcome>;
  call(name: string, args: Row): Promise<Outcome>;
};

export type Transport = { name: string; enter(principal: Principal): Promise<Session> };
