import { callTool } from "../../../../features/mcp/call-tool.ts";
import { describe } from "../../../../features/mcp/describe.ts";
import { door, otherMethods } from "../../../../http/respond.ts";

export const POST = door(callTool);
export const GET = door(describe);
export const HEAD = GET;
export const { OPTIONS, PUT, PATCH, DELETE } = otherMethods("GET", "HEAD", "POST", "OPTIONS");
