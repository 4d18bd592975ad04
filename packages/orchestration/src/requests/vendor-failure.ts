import { ConnectorError } from "@smarteros/connectors";
import { SmarterosError } from "@smarteros/core";

/** Converts a `ConnectorError` to the error of a response, with its message, which is safe for callers. Returns other values as they are. */
export function vendorFailure(thrown: unknown): unknown {
  if (!ConnectorError.isInstance(thrown)) return thrown;
  const { kind, reason, vendor: service, status, message } = thrown;
  const isLate = reason === "timeout" || reason === "deadline";
  const details = { service, ...(status === undefined ? {} : { upstreamStatus: status }) };
  if (kind === "not_found") return new SmarterosError("not_found", message, details);
  if (kind === "conflict") return new SmarterosError("conflict", message, details);
  return new SmarterosError(isLate ? "upstream_timeout" : "upstream_error", message, details);
}
