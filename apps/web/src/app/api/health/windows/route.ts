import { changeWindow } from "../../../../features/health-page/change-window.ts";
import { door, otherMethods } from "../../../../http/respond.ts";

export const POST = door(changeWindow);
const { OPTIONS, PUT, PATCH, DELETE, POST: GET } = otherMethods("POST", "OPTIONS");

export { DELETE, GET, OPTIONS, PATCH, PUT };
