import { checkItem } from "../../../../features/services/check-item.ts";
import { otherMethods, route } from "../../../../http/respond.ts";

export const POST = route(checkItem);
const { OPTIONS, PUT, PATCH, DELETE, POST: GET } = otherMethods("POST", "OPTIONS");

export { DELETE, GET, OPTIONS, PATCH, PUT };
