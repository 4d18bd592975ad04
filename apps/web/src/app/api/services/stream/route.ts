import { door, otherMethods } from "../../../../features/mcp/answer.ts";
import { servicesStream } from "../../../../features/provisioning/stream.ts";

export const GET = door(servicesStream);
export const HEAD = GET;
export const { OPTIONS, POST, PUT, PATCH, DELETE } = otherMethods("GET", "HEAD", "OPTIONS");
