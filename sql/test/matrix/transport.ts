import type { Row } from "./fixture.ts";
import type { Principal } from "./principals.ts";

/** The result: rows, or the SQLSTATE of a denial. A function's single value is a row with `value`. */
export type Outcome = { rows: Row[] } | { sqlState: string };

/** The connection of one principal. Every call is a separate, committed transaction. */
export type Session = {
  /** Selects rows by id, or by a value of the given column. */
  select(table: string, ids: unknown[], column?: string): Promise<Outcome>;
  insert(table: string, row: Row): Promise<Outcome>;
  update(table: string, id: unknown, change: Row, column?: string): Promise<Outcome>;
  remove(table: string, id: unknown, column?: string): Promise<Outcome>;
  /** Absent when the transport has no such verb. */
  truncate?(table: string): Promise<Outcome>;
  call(name: string, args: Row): Promise<Outcome>;
};

export type Transport = { name: string; enter(principal: Principal): Promise<Session> };
