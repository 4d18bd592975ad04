import { requireServices } from "../../app-context.ts";

/** Decides whether this deployment has a backend that provisions, and so the tools for it. */
export const hasServiceTools = () => requireServices().catalog.names().includes("services.provision");
