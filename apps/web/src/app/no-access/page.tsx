import type { Metadata } from "next";
import { SignOut } from "../../features/session/sign-out.tsx";

export const metadata: Metadata = { title: "Sin acceso" };

export default function NoAccess() {
  return (
    <main className="page narrow">
      <h1>Sin acceso</h1>
      <p className="notice" role="alert">
        Tu usuario tiene un rol que esta instalación no conoce. Pide a un administrador que lo corrija y
        vuelve a entrar, o entra con otro usuario.
      </p>
      <SignOut />
    </main>
  );
}
