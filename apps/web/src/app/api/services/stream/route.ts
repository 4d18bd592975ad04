import { servicesStream } from "../../../../features/live/stream.ts";
import { otherMethods, route } from "../../../../http/respond.ts";

export const GET = route(servicesStream);
export const HEAD = GET;
export const { OPTIONS, POST, PUT, PATCH, DELETE } = otherMethods("GET", "HEAD", "OPTIONS");
