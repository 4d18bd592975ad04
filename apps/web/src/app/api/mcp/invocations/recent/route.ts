import { recent } from "../../../../../features/mcp/recent.ts";
import { door, otherMethods } from "../../../../../http/respond.ts";

export const GET = door(recent);
export const HEAD = GET;
export const { OPTIONS, POST, PUT, PATCH, DELETE } = otherMethods("GET", "HEAD", "OPTIONS");
