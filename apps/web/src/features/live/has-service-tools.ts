import { requireServices } from "../../app-context.ts";

/** Whether this deployment has a backend that provisions: without one there are no tools for it either. */
export const hasServiceTools = () => requireServices().catalog.names().includes("services.provision");
