export { signIn as POST } from "../../../session/local-sign-in.ts";
