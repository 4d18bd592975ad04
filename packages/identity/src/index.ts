export { clerkIssuer, clerkSettings, frontendHost, type Issuer, isLoopback, localIssuer } from "./issuer.ts";
export { type Session, sessionVerifier } from "./session-token.ts";
