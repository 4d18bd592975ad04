import type { ConnectorErrorKind } from "./error-kinds.ts";
import type { Vendor } from "./vendors.ts";

export { type ConnectorErrorKind, connectorErrorKinds } from "./error-kinds.ts";

/** Stable codes of an operator's next action, with the text that is shown when no translation exists. */
export const remedies = {
  check_credential: "Check that the vendor's key in the settings is right and has not expired.",
  grant_permission: "Give the account behind the vendor's key an administrator's rights there.",
  grant_template_access: "Let the key's group read every question of the template dashboard, then retry.",
  upgrade_licence: "This needs a licence that the vendor's installation does not have.",
  raise_quota: "The vendor's plan is used up: raise it, or free a place, then retry.",
  check_settings: "Check the vendor's address and ids in the settings.",
  check_input: "The vendor refused the tenant's data: check its name and RUT.",
  check_recorded_id:
    "What is recorded for this tenant is not its own or is gone at the vendor: reconcile it.",
  resolve_name_clash:
    "The name is taken at the vendor by what is not this tenant's: rename either, then retry.",
  clear_mark_field:
    "The field that would hold the tenant's id is in use at the vendor: move or shorten what it holds, then retry.",
  choose_another_resource:
    "This kind of resource has no field for a tenant's id: choose one of the kind that is created here.",
  confirm_creation:
    "It may have been created at the vendor: look for it there, and adopt it or confirm that it does not exist, then retry.",
  remove_partial_copy: "A copy was left unfinished: delete it at the vendor, then retry.",
  remove_contents: "It still holds what was not made here: move or delete that at the vendor, then retry.",
  switch_on_workflow:
    "The workflow is switched off: switch on the tenant's workflows, or publish it in n8n, then call it again.",
  check_webhook:
    "No published workflow in n8n takes POST at this path: publish it there, or register the path that it has.",
  confirm_run:
    "It may have run and is not sent again by itself: look at its executions in n8n before you call it again.",
  wait_and_retry: "The vendor is busy or away for the moment: wait, then retry.",
  check_service: "The vendor does not answer well: see that it is up, then retry.",
  check_worker: "The worker ended or failed while it worked on this: read its log, then retry.",
  check_vendor_version:
    "The vendor answered in a form that is not known: compare its version with the documentation.",
} as const;
export type Remedy = keyof typeof remedies;

/**
 * Reason why there is no usable response, in addition to the status. `other_content`: a text of another content type than
 * JSON, such as the page of a proxy or of a login.
 */
export type FailureReason =
  | "timeout"
  | "deadline"
  | "aborted"
  | "stalled"
  | "no_connection"
  | "redirect"
  | "too_large"
  | "not_json"
  | "other_content"
  | "unexpected_shape";

export type ConnectorFailure = {
  kind: ConnectorErrorKind;
  vendor: Vendor;
  /** The call, such as `inbox.create`. */
  operation: string;
  remedy: Remedy;
  /** HTTP status, if there was a response. */
  status?: number | undefined;
  retryAfterMs?: number | undefined;
  reason?: FailureReason | undefined;
  /**
   * Effect of the failed request: `none` when it changed nothing for certain, `unknown` when it may have changed something
   * or still may. Undefined for an error that no request caused.
   */
  outcome?: "none" | "unknown" | undefined;
};

const marker = Symbol.for("smarteros.connector-error");

/**
 * Failure of a vendor's call, without text of the vendor. It has no cause on purpose: errors of the HTTP client contain
 * the request with its key, and responses may contain stack traces.
 */
export class ConnectorError extends Error implements ConnectorFailure {
  override readonly name = "ConnectorError";
  readonly [marker] = true;
  readonly kind: ConnectorErrorKind;
  readonly vendor: Vendor;
  readonly operation: string;
  readonly remedy: Remedy;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly reason: FailureReason | undefined;
  readonly outcome: "none" | "unknown" | undefined;

  constructor({ kind, vendor, operation, remedy, status, retryAfterMs, reason, outcome }: ConnectorFailure) {
    const seen = [status && `status ${status}`, reason].filter(Boolean).join(", ");
    super(`${vendor} ${operation}: ${kind}${seen && ` (${seen})`}. ${remedies[remedy]}`);
    this.kind = kind;
    this.vendor = vendor;
    this.operation = operation;
    this.remedy = remedy;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.reason = reason;
    this.outcome = outcome;
  }

  /** Returns true for a ConnectorError, also of another copy of this package. */
  static isInstance(value: unknown): value is ConnectorError {
    return typeof value === "object" && value !== null && marker in value;
  }
}
