import { describeTenantStore } from "./store.contract.ts";
import { memoryTenants } from "./testing.ts";

const store = memoryTenants();
describeTenantStore("memory", async () => store);
