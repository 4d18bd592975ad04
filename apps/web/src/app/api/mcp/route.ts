import { describe } from "../../../features/mcp/describe.ts";
import { door, otherMethods } from "../../../http/respond.ts";

export const GET = door(describe);
export const HEAD = GET;
export const { OPTIONS, POST, PUT, PATCH, DELETE } = otherMethods("GET", "HEAD", "OPTIONS");
