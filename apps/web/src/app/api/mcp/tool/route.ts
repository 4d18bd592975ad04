import { door, notAllowed, options } from "../../../../features/mcp/answer.ts";
import { callTool } from "../../../../features/mcp/call-tool.ts";
import { describe } from "../../../../features/mcp/describe.ts";

const methods = ["GET", "HEAD", "POST", "OPTIONS"];

export const POST = door(callTool);
export const GET = door(describe);
export const HEAD = GET;
export const OPTIONS = options(...methods);
export const PUT = notAllowed(...methods);
export const PATCH = PUT;
export const DELETE = PUT;
