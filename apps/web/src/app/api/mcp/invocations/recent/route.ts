import { door, otherMethods } from "../../../../../features/mcp/answer.ts";
import { recent } from "../../../../../features/mcp/recent.ts";

export const GET = door(recent);
export const HEAD = GET;
export const { OPTIONS, POST, PUT, PATCH, DELETE } = otherMethods("GET", "HEAD", "OPTIONS");
