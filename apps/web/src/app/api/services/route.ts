import { currentServices } from "../../../features/live/current.ts";
import { otherMethods, route } from "../../../http/respond.ts";

export const GET = route(currentServices);
export const HEAD = GET;
export const { OPTIONS, POST, PUT, PATCH, DELETE } = otherMethods("GET", "HEAD", "OPTIONS");
