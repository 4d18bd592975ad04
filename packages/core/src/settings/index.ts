export { isLinkLocal, isPublicAddress } from "./address.ts";
export { databaseUrl, databaseUrlProblem } from "./database-url.ts";
export { originList } from "./origin-list.ts";
export { sharedSecret } from "./shared-secret.ts";
export { settingKey, textProblem } from "./text.ts";
export {
  httpUrl,
  isLoopback,
  loopbackHosts,
  type UrlRule,
  urlProblem,
  withoutTrailingSlash,
} from "./url.ts";
