export { signIn as POST } from "../../../features/session/local-sign-in.ts";
