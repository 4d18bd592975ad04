import { MissingTenant } from "../../../../features/tenants/missing-tenant.tsx";

export default MissingTenant;
