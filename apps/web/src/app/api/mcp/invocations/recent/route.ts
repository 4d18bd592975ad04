import { door, notAllowed, options } from "../../../../../features/mcp/answer.ts";
import { recent } from "../../../../../features/mcp/recent.ts";

const methods = ["GET", "HEAD", "OPTIONS"];

export const GET = door(recent);
export const HEAD = GET;
export const OPTIONS = options(...methods);
export const POST = notAllowed(...methods);
export const PUT = POST;
export const PATCH = POST;
export const DELETE = POST;
