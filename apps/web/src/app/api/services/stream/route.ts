import { servicesStream } from "../../../../features/live/stream.ts";
import { door, otherMethods } from "../../../../http/respond.ts";

export const GET = door(servicesStream);
export const HEAD = GET;
export const { OPTIONS, POST, PUT, PATCH, DELETE } = otherMethods("GET", "HEAD", "OPTIONS");
