import { door, otherMethods } from "../../../features/mcp/answer.ts";
import { currentServices } from "../../../features/provisioning/current.ts";

export const GET = door(currentServices);
export const HEAD = GET;
export const { OPTIONS, POST, PUT, PATCH, DELETE } = otherMethods("GET", "HEAD", "OPTIONS");
