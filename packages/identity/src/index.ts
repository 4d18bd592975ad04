export {
  clerkIssuer,
  clerkProblems,
  clerkSettings,
  frontendHost,
  type Issuer,
  localIssuer,
} from "./issuer.ts";
export { type Session, sessionVerifier } from "./session-token.ts";
