import { exportCalls } from "../../../../features/audit/export-calls.ts";
import { door, otherMethods } from "../../../../http/respond.ts";

export const GET = door(exportCalls);
export const { OPTIONS, POST, PUT, PATCH, DELETE } = otherMethods("GET", "OPTIONS");
