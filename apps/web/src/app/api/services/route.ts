import { currentServices } from "../../../features/live/current.ts";
import { door, otherMethods } from "../../../http/respond.ts";

export const GET = door(currentServices);
export const HEAD = GET;
export const { OPTIONS, POST, PUT, PATCH, DELETE } = otherMethods("GET", "HEAD", "OPTIONS");
