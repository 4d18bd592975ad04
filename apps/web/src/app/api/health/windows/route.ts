import { changeWindow } from "../../../../features/health-page/change-window.ts";
import { otherMethods, route } from "../../../../http/respond.ts";

export const POST = route(changeWindow);
const { OPTIONS, PUT, PATCH, DELETE, POST: GET } = otherMethods("POST", "OPTIONS");

export { DELETE, GET, OPTIONS, PATCH, PUT };
