import { ConnectorError } from "@smarteros/connectors";
import { SmarterosError } from "@smarteros/core";

/** A vendor's failure as an answer of ours: its own message was written for callers. All else is passed on as it is. */
export function vendorFailure(thrown: unknown): unknown {
  if (!ConnectorError.isInstance(thrown)) return thrown;
  const { kind, reason, vendor: service, status, message } = thrown;
  const isLate = reason === "timeout" || reason === "deadline";
  const details = { service, ...(status === undefined ? {} : { upstreamStatus: status }) };
  if (kind === "not_found") return new SmarterosError("not_found", message, details);
  if (kind === "conflict") return new SmarterosError("conflict", message, details);
  return new SmarterosError(isLate ? "upstream_timeout" : "upstream_error", message, details);
}
