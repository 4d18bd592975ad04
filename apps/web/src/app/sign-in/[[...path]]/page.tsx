import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { currentSession } from "../../../features/session/current-session.ts";
import { localUsers } from "../../../features/session/local-sign-in.ts";
import { services } from "../../../services.ts";

export const metadata: Metadata = { title: "Entrar" };

const rights: Record<string, string> = {
  "operator-a": "Ve y cambia sus propias empresas",
  "operator-b": "Otro operador, con otras empresas",
  viewer: "Solo mira",
  auditor: "Mira y revisa la auditoría",
  admin: "Ve y cambia todas las empresas",
};

export default async function SignIn() {
  const identity = services()?.settings.identity;
  if (!identity) redirect("/");
  if (identity.kind === "clerk") {
    const { SignIn: ClerkSignIn } = await import("@clerk/nextjs");
    return (
      <main className="page centered">
        <ClerkSignIn path="/sign-in" />
      </main>
    );
  }
  if (await currentSession()) redirect("/dashboard");
  return (
    <main className="page narrow">
      <h1>Entrar</h1>
      <p>Esta instalación usa identidad local, sin contraseña. Elige con qué usuario entrar.</p>
      <form action="/session/sign-in" method="post">
        <ul className="choices">
          {localUsers.map((user) => (
            <li key={user}>
              <button className="choice" type="submit" name="user" value={user}>
                <strong>{user}</strong>
                <span>{rights[user]}</span>
              </button>
            </li>
          ))}
        </ul>
      </form>
    </main>
  );
}
