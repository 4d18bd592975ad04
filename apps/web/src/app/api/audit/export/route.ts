import { exportCalls } from "../../../../features/audit/export-calls.ts";
import { otherMethods, route } from "../../../../http/respond.ts";

export const GET = route(exportCalls);
export const { OPTIONS, POST, PUT, PATCH, DELETE } = otherMethods("GET", "OPTIONS");
