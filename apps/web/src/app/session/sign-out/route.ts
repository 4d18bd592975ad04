export { signOut as POST } from "../../../session/local-sign-in.ts";
