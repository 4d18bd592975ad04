export {
  clerkIssuer,
  clerkProblems,
  clerkSettings,
  frontendHost,
  type Issuer,
  localIssuer,
} from "./issuer.ts";
export { claimsOf, type Session, sessionVerifier } from "./session-token.ts";
export {
  type SiteEnvironment,
  type SiteIdentity,
  siteIdentity,
  siteProblems,
  siteSettings,
} from "./site.ts";
