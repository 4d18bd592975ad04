import { createContext } from "react";

/** A tenant of the operator's own, for filling arguments and for naming what a call touches. */
export type KnownTenant = { id: string; name: string; rut: string };

/** The tenants that a field of the form offers. */
export const KnownTenants = createContext<readonly KnownTenant[]>([]);
