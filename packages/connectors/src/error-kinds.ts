// Separate from the error and its remedies, because browsers load it.
export const connectorErrorKinds = [
  "auth",
  "forbidden",
  "licence",
  "not_found",
  "conflict",
  "validation",
  "rate_limited",
  "unavailable",
  "quota",
  "unknown",
] as const;
export type ConnectorErrorKind = (typeof connectorErrorKinds)[number];
