import { changeAlerts } from "../../../features/alerts/change-alerts.ts";
import { door, otherMethods } from "../../../http/respond.ts";

export const POST = door(changeAlerts);
const refused = otherMethods("POST", "OPTIONS");
export const { OPTIONS, PUT, PATCH, DELETE } = refused;
export const GET = refused.POST;
