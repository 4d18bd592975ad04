import { callTool } from "../../../../features/mcp/call-tool.ts";
import { describe } from "../../../../features/mcp/describe.ts";
import { otherMethods, route } from "../../../../http/respond.ts";

export const POST = route(callTool);
export const GET = route(describe);
export const HEAD = GET;
export const { OPTIONS, PUT, PATCH, DELETE } = otherMethods("GET", "HEAD", "POST", "OPTIONS");
