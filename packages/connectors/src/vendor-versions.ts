/** Versions of a vendor that its connector was checked against. */
export type CheckedVersions = {
  /** Oldest version that the connector works with. */
  minimum: string;
  /** Versions that were read or run. */
  checked: readonly [string, ...string[]];
  /** What the connector was compared with. */
  by: string;
};
