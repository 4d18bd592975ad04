import { describe } from "../../../features/mcp/describe.ts";
import { otherMethods, route } from "../../../http/respond.ts";

export const GET = route(describe);
export const HEAD = GET;
export const { OPTIONS, POST, PUT, PATCH, DELETE } = otherMethods("GET", "HEAD", "OPTIONS");
