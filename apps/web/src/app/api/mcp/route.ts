import { door, otherMethods } from "../../../features/mcp/answer.ts";
import { describe } from "../../../features/mcp/describe.ts";

export const GET = door(describe);
export const HEAD = GET;
export const { OPTIONS, POST, PUT, PATCH, DELETE } = otherMethods("GET", "HEAD", "OPTIONS");
