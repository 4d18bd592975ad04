import { services } from "../../services.ts";

/** The way out, for either identity. */
export async function SignOut() {
  if (services()?.settings.identity.kind === "clerk") {
    const { SignOutButton } = await import("@clerk/nextjs");
    return (
      <SignOutButton>
        <button type="button">Salir</button>
      </SignOutButton>
    );
  }
  return (
    <form action="/session/sign-out" method="post">
      <button type="submit">Salir</button>
    </form>
  );
}
