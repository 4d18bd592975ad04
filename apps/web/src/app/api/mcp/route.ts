import { door, notAllowed, options } from "../../../features/mcp/answer.ts";
import { describe } from "../../../features/mcp/describe.ts";

const methods = ["GET", "HEAD", "OPTIONS"];

export const GET = door(describe);
export const HEAD = GET;
export const OPTIONS = options(...methods);
export const POST = notAllowed(...methods);
export const PUT = POST;
export const PATCH = POST;
export const DELETE = POST;
