import { recent } from "../../../../../features/mcp/recent.ts";
import { otherMethods, route } from "../../../../../http/respond.ts";

export const GET = route(recent);
export const HEAD = GET;
export const { OPTIONS, POST, PUT, PATCH, DELETE } = otherMethods("GET", "HEAD", "OPTIONS");
