import { changeAlerts } from "../../../features/alerts/change-alerts.ts";
import { otherMethods, route } from "../../../http/respond.ts";

export const POST = route(changeAlerts);
const refused = otherMethods("POST", "OPTIONS");
export const { OPTIONS, PUT, PATCH, DELETE } = refused;
export const GET = refused.POST;
